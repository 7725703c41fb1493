#include "config/settings.h"

#include <stdlib.h>
#include <string.h>

#include "config/table.h"

void settings_clear(struct settings *settings)
{
    for (size_t i = 0; i < settings->service_count; i++) {
        struct service_settings *service = &settings->services[i];
        free(service->name);
        free(service->path);
        free(service->tag_pattern);
        free(service->changelog);
        config_split_free(service->version_files);
    }
    free(settings->services);
    free(settings->project);
    free(settings->environment);
    free(settings->release.branch);
    free(settings->release.remote);
    free(settings->release.candidate_prefix);
    free(settings->release.commit_message);
    free(settings->release.tag_message);
    free(settings->release.initial);
    free(settings->ui.theme);
    free(settings->ui.glyphs);
    free(settings->ui.colour);
    config_split_free(settings->ui.keys);
    *settings = (struct settings){0};
}

const struct service_settings *settings_service(const struct settings *settings, const char *name)
{
    for (size_t i = 0; i < settings->service_count; i++)
        if (!name || !*name || strcmp(settings->services[i].name, name) == 0)
            return &settings->services[i];
    return NULL;
}

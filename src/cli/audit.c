/* audit log, verify. */
#include "store/audit.h"

#include "base/clock.h"
#include "cli/cli.h"

enum { USUAL = 50 };

static void print_event(struct cli *cli, const struct audit_entry *entry)
{
    char when[32];
    struct json_writer *w = &cli->out.writer;
    if (cli->out.json) {
        json_begin_object(w, NULL);
        json_put_int(w, "number", entry->seq);
        cli_json_time(w, "when", entry->at_ms);
        json_put_string(w, "who", entry->who);
        json_put_string(w, "machine", entry->machine);
        json_put_string(w, "what", entry->what);
        json_put_string(w, "why", entry->why);
        json_put_string(w, "before", entry->before);
        json_put_string(w, "after", entry->after);
        json_put_string(w, "run", entry->run);
        json_put_string(w, "hash", entry->hash);
        json_end_object(w);
        return;
    }
    struct text at = clock_iso(when, sizeof(when), entry->at_ms);
    output_line(&cli->out, "%5lld  %.*s  %s  %s%s%s%s%s%s", (long long)entry->seq, (int)at.len, at.safe, entry->who,
                entry->what, *entry->why ? "  because: " : "", entry->why, *entry->run ? "  (" : "", entry->run,
                *entry->run ? ")" : "");
}

/* *none is set where nothing has ever been done here; no store is made for looking. */
static int open_store(struct store *out, bool *none, struct cli *cli, struct error *err)
{
    *out = (struct store){0};
    if (cli_open(cli, err) < 0)
        return -1;
    *none = !environment_has_store(&cli->env);
    return *none ? 0 : environment_store(out, &cli->env, &cli->call, err);
}

int cli_audit_log(struct cli *cli, struct error *err)
{
    struct store store;
    struct audit_entries entries = {0};
    bool none;
    if (open_store(&store, &none, cli, err) < 0)
        return -1;
    int64_t limit = (int64_t)cli_limit(cli, USUAL);
    int result = none ? 0 : audit_list(&entries, store, 0, limit ? limit : INT64_MAX, &cli->call, err);
    if (result == 0) {
        if (cli->out.json) {
            json_begin_object(&cli->out.writer, NULL);
            json_begin_array(&cli->out.writer, "events");
        }
        for (size_t i = 0; i < entries.count; i++)
            print_event(cli, &entries.items[i]);
        if (cli->out.json) {
            json_end_array(&cli->out.writer);
            json_end_object(&cli->out.writer);
        } else if (!entries.count) {
            output_line(&cli->out, "Nothing has been done from here.");
        }
    }
    audit_entries_clear(&entries);
    cli_close_store(&store);
    return result;
}

int cli_audit_verify(struct cli *cli, struct error *err)
{
    struct store store;
    struct audit_report report = {0};
    bool none;
    if (open_store(&store, &none, cli, err) < 0)
        return -1;
    int result = none ? 0 : audit_verify(&report, store, &cli->call, err);
    cli_close_store(&store);
    if (result < 0)
        return -1;
    bool whole = report.fault == AUDIT_WHOLE;
    cli->code = whole ? 0 : error_exit_code(ERROR_FAILED);
    if (cli->out.json) {
        struct json_writer *w = &cli->out.writer;
        json_begin_object(w, NULL);
        json_put_bool(w, "whole", whole);
        json_put_string(w, "fault", audit_fault_name(report.fault));
        json_put_int(w, "broken", report.broken);
        json_put_int(w, "count", report.count);
        json_put_string(w, "head", report.head);
        json_put_string(w, "why", report.why);
        json_end_object(w);
    } else if (whole) {
        output_line(&cli->out, "The audit log is whole: %lld entries, head %s", (long long)report.count,
                    *report.head ? report.head : "-");
    } else {
        output_line(&cli->out, "The audit log is broken at entry %lld: %s (%s)", (long long)report.broken, report.why,
                    audit_fault_name(report.fault));
    }
    return 0;
}

/*
 * What each edit changes in each changelog, line by line: "@N" goes to the old line N, "-" takes that line away and
 * "+" puts one there. Everything that is not said here must keep its bytes.
 *
 * The edits: add "Generated fix" (Fixed) and "Generated thing" (Added); cut 99.0.0 on 2026-11-22 with the same two; yank.
 */
#ifndef SIGNALBOX_TESTS_CHANGELOG_EXPECTED_H
#define SIGNALBOX_TESTS_CHANGELOG_EXPECTED_H

#include <stdbool.h>

enum edit_kind { EDIT_ADD, EDIT_CUT, EDIT_YANK };

static const struct expected_edit {
    bool shared; /* in ../shared/version-data/changelogs, else in tests/fixtures/changelogs */
    const char *file;
    enum edit_kind kind;
    const char *version; /* the one to yank */
    const char *script;
} expected_edits[] = {
    {true, "01-keep-a-changelog-2.0.0.md", EDIT_ADD, NULL,
     "@10\n"
     "+### Added\n"
     "+\n"
     "+- Generated thing\n"
     "+\n"
     "+### Fixed\n"
     "+\n"
     "+- Generated fix\n"
     "+\n"},
    {true, "01-keep-a-changelog-2.0.0.md", EDIT_CUT, NULL,
     "@10\n"
     "+## [99.0.0] - 2026-11-22\n"
     "+\n"
     "+### Added\n"
     "+\n"
     "+- Generated thing\n"
     "+\n"
     "+### Fixed\n"
     "+\n"
     "+- Generated fix\n"
     "+\n"
     "@299\n"
     "-[unreleased]: https://github.com/olivierlacan/keep-a-changelog/compare/v2.0.0...HEAD\n"
     "+[unreleased]: https://github.com/olivierlacan/keep-a-changelog/compare/v99.0.0...HEAD\n"
     "+[99.0.0]: https://github.com/olivierlacan/keep-a-changelog/compare/v2.0.0...v99.0.0\n"},
    {true, "01-keep-a-changelog-2.0.0.md", EDIT_YANK, "1.1.1",
     "@82\n"
     "-## [1.1.1] - 2023-03-05\n"
     "+## [1.1.1] - 2023-03-05 [YANKED]\n"},
    {true, "03-time-bracketed-dates-yanked.md", EDIT_ADD, NULL,
     "@9\n"
     "+## Unreleased\n"
     "+\n"
     "+### Added\n"
     "+\n"
     "+- Generated thing\n"
     "+\n"
     "+### Fixed\n"
     "+\n"
     "+- Generated fix\n"
     "+\n"},
    {true, "03-time-bracketed-dates-yanked.md", EDIT_CUT, NULL,
     "@9\n"
     "+## 99.0.0 [2026-11-22]\n"
     "+\n"
     "+### Added\n"
     "+\n"
     "+- Generated thing\n"
     "+\n"
     "+### Fixed\n"
     "+\n"
     "+- Generated fix\n"
     "+\n"},
    {true, "03-time-bracketed-dates-yanked.md", EDIT_YANK, "0.3.54",
     "@24\n"
     "-## 0.3.54 [2026-07-20]\n"
     "+## 0.3.54 [2026-07-20] [YANKED]\n"},
    {true, "05-unity-inputsystem-crlf.md", EDIT_ADD, NULL,
     "@10\n"
     "+## [Unreleased]\n"
     "+\n"
     "+### Added\n"
     "+\n"
     "+- Generated thing\n"
     "+\n"
     "+### Fixed\n"
     "+\n"
     "+- Generated fix\n"
     "+\n"},
    {true, "05-unity-inputsystem-crlf.md", EDIT_CUT, NULL,
     "@10\n"
     "+## [99.0.0] - 2026-11-22\n"
     "+\n"
     "+### Added\n"
     "+\n"
     "+- Generated thing\n"
     "+\n"
     "+### Fixed\n"
     "+\n"
     "+- Generated fix\n"
     "+\n"},
    {true, "05-unity-inputsystem-crlf.md", EDIT_YANK, "1.0.0",
     "@171\n"
     "-## [1.0.0] - 2020-04-23\n"
     "+## [1.0.0] - 2020-04-23 [YANKED]\n"},
    {true, "06-unity-netcode-unreleased-not-heading.md", EDIT_ADD, NULL,
     "@17\n"
     "+- Generated thing\n"
     "@27\n"
     "+- Generated fix\n"},
    {true, "06-unity-netcode-unreleased-not-heading.md", EDIT_CUT, NULL,
     "@11\n"
     "+## [99.0.0] - 2026-11-22\n"
     "+\n"
     "@17\n"
     "+- Generated thing\n"
     "@27\n"
     "+- Generated fix\n"},
    {true, "06-unity-netcode-unreleased-not-heading.md", EDIT_YANK, "1.11.0",
     "@31\n"
     "-## [1.11.0] - 2024-08-20\n"
     "+## [1.11.0] - 2024-08-20 [YANKED]\n"},
    {true, "07-gitui-plus-build-images.md", EDIT_ADD, NULL,
     "@10\n"
     "+### Added\n"
     "+* Generated thing\n"
     "+\n"
     "@13\n"
     "+\n"
     "+### Fixes\n"
     "+* Generated fix\n"},
    {true, "07-gitui-plus-build-images.md", EDIT_CUT, NULL,
     "@10\n"
     "+## [99.0.0] - 2026-11-22\n"
     "+\n"
     "+### Added\n"
     "+* Generated thing\n"
     "+\n"
     "@13\n"
     "+\n"
     "+### Fixes\n"
     "+* Generated fix\n"},
    {true, "07-gitui-plus-build-images.md", EDIT_YANK, "0.26.0+1",
     "@70\n"
     "-## [0.26.0+1] - 2024-04-14\n"
     "+## [0.26.0+1] - 2024-04-14 [YANKED]\n"},
    {true, "09-clap-release-markers-two-unreleased.md", EDIT_ADD, NULL,
     "@26\n"
     "+### Features\n"
     "+\n"
     "+- Generated thing\n"
     "+\n"
     "+### Fixes\n"
     "+\n"
     "+- Generated fix\n"
     "+\n"},
    {true, "09-clap-release-markers-two-unreleased.md", EDIT_CUT, NULL,
     "@26\n"
     "+## [99.0.0] - 2026-11-22\n"
     "+\n"
     "+### Features\n"
     "+\n"
     "+- Generated thing\n"
     "+\n"
     "+### Fixes\n"
     "+\n"
     "+- Generated fix\n"
     "+\n"
     "@4965\n"
     "-[Unreleased]: https://github.com/clap-rs/clap/compare/v4.6.6...HEAD\n"
     "+[Unreleased]: https://github.com/clap-rs/clap/compare/v99.0.0...HEAD\n"
     "+[99.0.0]: https://github.com/clap-rs/clap/compare/v4.6.6...v99.0.0\n"},
    {true, "09-clap-release-markers-two-unreleased.md", EDIT_YANK, "2.29.1",
     "@2463\n"
     "-### 2.29.1 (2018-01-09)\n"
     "+### 2.29.1 (2018-01-09) [YANKED]\n"},
    {true, "11-sqlserverdsc-4part-nested.md", EDIT_ADD, NULL,
     "@12\n"
     "+- Generated thing\n"
     "@40\n"
     "+- Generated fix\n"},
    {true, "11-sqlserverdsc-4part-nested.md", EDIT_CUT, NULL,
     "@8\n"
     "+## [99.0.0] - 2026-11-22\n"
     "+\n"
     "@12\n"
     "+- Generated thing\n"
     "@40\n"
     "+- Generated fix\n"},
    {true, "11-sqlserverdsc-4part-nested.md", EDIT_YANK, "17.5.1",
     "@54\n"
     "-## [17.5.1] - 2026-02-05\n"
     "+## [17.5.1] - 2026-02-05 [YANKED]\n"},
    {true, "13-alacritty-no-dates.md", EDIT_ADD, NULL,
     "@18\n"
     "+### Added\n"
     "+\n"
     "+- Generated thing\n"
     "+\n"
     "@22\n"
     "+- Generated fix\n"},
    {true, "13-alacritty-no-dates.md", EDIT_CUT, NULL,
     "@11\n"
     "-## 0.18.0-dev\n"
     "+## Unreleased\n"
     "+\n"
     "+## 99.0.0\n"
     "@18\n"
     "+### Added\n"
     "+\n"
     "+- Generated thing\n"
     "+\n"
     "@22\n"
     "+- Generated fix\n"},
    {true, "13-alacritty-no-dates.md", EDIT_YANK, "0.17.0",
     "@23\n"
     "-## 0.17.0\n"
     "+## 0.17.0 [YANKED]\n"},
    {true, "14-exercism-next-release.md", EDIT_ADD, NULL,
     "@10\n"
     "+- Generated fix\n"
     "+- Generated thing\n"},
    {true, "14-exercism-next-release.md", EDIT_CUT, NULL,
     "@11\n"
     "+## v99.0.0 (2026-11-22)\n"
     "+\n"
     "+- Generated fix\n"
     "+- Generated thing\n"
     "+\n"},
    {true, "14-exercism-next-release.md", EDIT_YANK, "3.5.7",
     "@19\n"
     "-## v3.5.7 (2025-07-14)\n"
     "+## v3.5.7 (2025-07-14) [YANKED]\n"},
    {true, "16-down-struck-yanked.md", EDIT_ADD, NULL,
     "@1\n"
     "+## Unreleased\n"
     "+\n"
     "+* Generated fix\n"
     "+\n"
     "+* Generated thing\n"
     "+\n"},
    {true, "16-down-struck-yanked.md", EDIT_CUT, NULL,
     "@1\n"
     "+## 99.0.0 (2026-11-22)\n"
     "+\n"
     "+* Generated fix\n"
     "+\n"
     "+* Generated thing\n"
     "+\n"},
    {true, "16-down-struck-yanked.md", EDIT_YANK, "5.5.0",
     "@17\n"
     "-## 5.5.0 (2026-03-18)\n"
     "+## ~~5.5.0 (2026-03-18)~~ (yanked)\n"},
    {true, "17-phly-tbd-date.md", EDIT_ADD, NULL,
     "@9\n"
     "-- Nothing.\n"
     "+- Generated thing\n"
     "@25\n"
     "-- Nothing.\n"
     "+- Generated fix\n"},
    {true, "17-phly-tbd-date.md", EDIT_CUT, NULL,
     "@5\n"
     "-## 2.12.2 - TBD\n"
     "+## Unreleased\n"
     "+\n"
     "+## 99.0.0 - 2026-11-22\n"
     "@9\n"
     "-- Nothing.\n"
     "+- Generated thing\n"
     "@25\n"
     "-- Nothing.\n"
     "+- Generated fix\n"},
    {true, "17-phly-tbd-date.md", EDIT_YANK, "2.12.0",
     "@49\n"
     "-## 2.12.0 - 2022-09-02\n"
     "+## 2.12.0 - 2022-09-02 [YANKED]\n"},
    {false, "crlf-and-fences.md", EDIT_ADD, NULL,
     "@4\n"
     "+## [Unreleased]\n"
     "+\n"
     "+### Added\n"
     "+\n"
     "+- Generated thing\n"
     "+\n"
     "+### Fixed\n"
     "+\n"
     "+- Generated fix\n"
     "+\n"},
    {false, "crlf-and-fences.md", EDIT_CUT, NULL,
     "@4\n"
     "+## [99.0.0] - 2026-11-22\n"
     "+\n"
     "+### Added\n"
     "+\n"
     "+- Generated thing\n"
     "+\n"
     "+### Fixed\n"
     "+\n"
     "+- Generated fix\n"
     "+\n"},
    {false, "crlf-and-fences.md", EDIT_YANK, "1.0.0",
     "@21\n"
     "-## [1.0.0] - 2026-01-01\n"
     "+## [1.0.0] - 2026-01-01 [YANKED]\n"},
    {false, "first-release.md", EDIT_ADD, NULL,
     "@8\n"
     "+\n"
     "+### Added\n"
     "+\n"
     "+- Generated thing\n"
     "+\n"
     "+### Fixed\n"
     "+\n"
     "+- Generated fix\n"},
    {false, "first-release.md", EDIT_CUT, NULL,
     "@7\n"
     "+## [99.0.0] - 2026-11-22\n"
     "+\n"
     "@8\n"
     "+\n"
     "+### Added\n"
     "+\n"
     "+- Generated thing\n"
     "+\n"
     "+### Fixed\n"
     "+\n"
     "+- Generated fix\n"
     "+\n"
     "+[Unreleased]: https://example.com/o/r/compare/v99.0.0...HEAD\n"
     "+[99.0.0]: https://example.com/o/r/releases/tag/v99.0.0\n"},
    {false, "four-parts-and-nested.md", EDIT_ADD, NULL,
     "@16\n"
     "+- Generated thing\n"
     "+\n"
     "@20\n"
     "+\n"
     "+### Fixed\n"
     "+\n"
     "+- Generated fix\n"},
    {false, "four-parts-and-nested.md", EDIT_CUT, NULL,
     "@5\n"
     "+## [99.0.0] - 2026-11-22\n"
     "+\n"
     "@16\n"
     "+- Generated thing\n"
     "+\n"
     "@20\n"
     "+\n"
     "+### Fixed\n"
     "+\n"
     "+- Generated fix\n"},
    {false, "four-parts-and-nested.md", EDIT_YANK, "1.2.0.1",
     "@21\n"
     "-## [1.2.0.1] - 2026-01-02\n"
     "+## [1.2.0.1] - 2026-01-02 [YANKED]\n"},
    {false, "links-in-headings.md", EDIT_ADD, NULL,
     "@3\n"
     "+## Unreleased\n"
     "+\n"
     "+### Features\n"
     "+\n"
     "+* Generated thing\n"
     "+\n"
     "+### Bug Fixes\n"
     "+\n"
     "+* Generated fix\n"
     "+\n"},
    {false, "links-in-headings.md", EDIT_CUT, NULL,
     "@3\n"
     "+## [99.0.0](https://git.example.org/b/b/compare/v1.1.0...v99.0.0) (2026-11-22)\n"
     "+\n"
     "+### Features\n"
     "+\n"
     "+* Generated thing\n"
     "+\n"
     "+### Bug Fixes\n"
     "+\n"
     "+* Generated fix\n"
     "+\n"},
    {false, "links-in-headings.md", EDIT_YANK, "1.1.0",
     "@3\n"
     "-## [1.1.0](https://git.example.org/b/b/compare/v1.0.0...v1.1.0) (2026-02-01)\n"
     "+## [1.1.0](https://git.example.org/b/b/compare/v1.0.0...v1.1.0) (2026-02-01) [YANKED]\n"},
    {false, "markers-and-two-unreleased.md", EDIT_ADD, NULL,
     "@12\n"
     "+### Added\n"
     "+\n"
     "+- Generated thing\n"
     "+\n"
     "+### Fixes\n"
     "+\n"
     "+- Generated fix\n"
     "+\n"},
    {false, "markers-and-two-unreleased.md", EDIT_CUT, NULL,
     "@12\n"
     "+## [99.0.0] - 2026-11-22\n"
     "+\n"
     "+### Added\n"
     "+\n"
     "+- Generated thing\n"
     "+\n"
     "+### Fixes\n"
     "+\n"
     "+- Generated fix\n"
     "+\n"
     "@29\n"
     "-[Unreleased]: https://git.example.org/s/s/compare/v2.1.0...HEAD\n"
     "+[Unreleased]: https://git.example.org/s/s/compare/v99.0.0...HEAD\n"
     "+[99.0.0]: https://git.example.org/s/s/compare/v2.1.0...v99.0.0\n"},
    {false, "markers-and-two-unreleased.md", EDIT_YANK, "2.0.1",
     "@22\n"
     "-### 2.0.1 (2026-04-01)\n"
     "+### 2.0.1 (2026-04-01) [YANKED]\n"},
    {false, "next-release-and-round-brackets.md", EDIT_ADD, NULL,
     "@9\n"
     "+- Generated fix\n"
     "+- Generated thing\n"},
    {false, "next-release-and-round-brackets.md", EDIT_CUT, NULL,
     "@8\n"
     "+\n"
     "+## v99.0.0 (2026-11-22)\n"
     "+\n"
     "@9\n"
     "+- Generated fix\n"
     "+- Generated thing\n"},
    {false, "next-release-and-round-brackets.md", EDIT_YANK, "1.2.3",
     "@10\n"
     "-## v1.2.3 (2026-02-03)\n"
     "+## v1.2.3 (2026-02-03) [YANKED]\n"},
    {false, "no-dates-and-dev.md", EDIT_ADD, NULL,
     "@9\n"
     "+### Added\n"
     "+\n"
     "+- Generated thing\n"
     "+\n"
     "@12\n"
     "+- Generated fix\n"},
    {false, "no-dates-and-dev.md", EDIT_CUT, NULL,
     "@3\n"
     "-## 0.5.0-dev\n"
     "+## Unreleased\n"
     "+\n"
     "+## 99.0.0\n"
     "@9\n"
     "+### Added\n"
     "+\n"
     "+- Generated thing\n"
     "+\n"
     "@12\n"
     "+- Generated fix\n"},
    {false, "no-dates-and-dev.md", EDIT_YANK, "0.3.0",
     "@19\n"
     "-## Version 0.3.0\n"
     "+## Version 0.3.0 [YANKED]\n"},
    {false, "no-final-line-end.md", EDIT_ADD, NULL,
     "@5\n"
     "+### Added\n"
     "+\n"
     "+- Generated thing\n"
     "+\n"
     "@7\n"
     "-- The last line has no end\n"
     "+- The last line has no end\n"
     "+- Generated fix\n"},
    {false, "no-final-line-end.md", EDIT_CUT, NULL,
     "@5\n"
     "+## [99.0.0] - 2026-11-22\n"
     "+\n"
     "+### Added\n"
     "+\n"
     "+- Generated thing\n"
     "+\n"
     "@7\n"
     "-- The last line has no end\n"
     "+- The last line has no end\n"
     "+- Generated fix\n"
     "+\n"
     "+[Unreleased]: https://example.com/o/r/compare/v99.0.0...HEAD\n"
     "+[99.0.0]: https://example.com/o/r/releases/tag/v99.0.0\n"},
    {false, "nothing-and-tbd.md", EDIT_ADD, NULL,
     "@7\n"
     "-- Nothing.\n"
     "+- Generated thing\n"
     "@11\n"
     "-- Nothing.\n"
     "+- Generated fix\n"},
    {false, "nothing-and-tbd.md", EDIT_CUT, NULL,
     "@3\n"
     "-## 1.5.0 - TBD\n"
     "+## Unreleased\n"
     "+\n"
     "+## 99.0.0 - 2026-11-22\n"
     "@7\n"
     "-- Nothing.\n"
     "+- Generated thing\n"
     "@11\n"
     "-- Nothing.\n"
     "+- Generated fix\n"},
    {false, "nothing-and-tbd.md", EDIT_YANK, "1.4.0",
     "@13\n"
     "-## 1.4.0 - 2026-01-05\n"
     "+## 1.4.0 - 2026-01-05 [YANKED]\n"},
    {false, "references-and-yanked.md", EDIT_ADD, NULL,
     "@7\n"
     "+### Added\n"
     "+\n"
     "+- Generated thing\n"
     "+\n"
     "@10\n"
     "+\n"
     "+### Fixed\n"
     "+\n"
     "+- Generated fix\n"},
    {false, "references-and-yanked.md", EDIT_CUT, NULL,
     "@7\n"
     "+## [99.0.0] - 2026-11-22\n"
     "+\n"
     "+### Added\n"
     "+\n"
     "+- Generated thing\n"
     "+\n"
     "@11\n"
     "+### Fixed\n"
     "+\n"
     "+- Generated fix\n"
     "+\n"
     "@23\n"
     "-[unreleased]: https://git.example.org/mill/mill/compare/v1.2.0...HEAD\n"
     "+[unreleased]: https://git.example.org/mill/mill/compare/v99.0.0...HEAD\n"
     "+[99.0.0]: https://git.example.org/mill/mill/compare/v1.2.0...v99.0.0\n"},
    {false, "references-and-yanked.md", EDIT_YANK, "1.1.0",
     "@17\n"
     "-## [1.1.0] - 2026-02-01\n"
     "+## [1.1.0] - 2026-02-01 [YANKED]\n"},
    {false, "struck-and-no-title.md", EDIT_ADD, NULL,
     "@1\n"
     "+## Unreleased\n"
     "+\n"
     "+* Generated fix\n"
     "+\n"
     "+* Generated thing\n"
     "+\n"},
    {false, "struck-and-no-title.md", EDIT_CUT, NULL,
     "@1\n"
     "+## 99.0.0 (2026-11-22)\n"
     "+\n"
     "+* Generated fix\n"
     "+\n"
     "+* Generated thing\n"
     "+\n"},
    {false, "struck-and-no-title.md", EDIT_YANK, "1.1.0",
     "@11\n"
     "-## 1.1.0 (2026-01-01)\n"
     "+## ~~1.1.0 (2026-01-01)~~ (yanked)\n"},
    {false, "tight-and-build-metadata.md", EDIT_ADD, NULL,
     "@4\n"
     "+### Added\n"
     "+* Generated thing\n"
     "+\n"
     "@6\n"
     "+\n"
     "+### Fixes\n"
     "+* Generated fix\n"},
    {false, "tight-and-build-metadata.md", EDIT_CUT, NULL,
     "@4\n"
     "+\n"
     "+## [99.0.0] - 2026-11-22\n"
     "+### Added\n"
     "+* Generated thing\n"
     "+\n"
     "@6\n"
     "+\n"
     "+### Fixes\n"
     "+* Generated fix\n"},
    {false, "tight-and-build-metadata.md", EDIT_YANK, "0.4.0+1",
     "@7\n"
     "-## [0.4.0+1] - 2026-04-01 - The Loud One\n"
     "+## [0.4.0+1] - 2026-04-01 - The Loud One [YANKED]\n"},
    {false, "unreleased-as-paragraph.md", EDIT_ADD, NULL,
     "@8\n"
     "+- Generated thing\n"
     "@10\n"
     "+\n"
     "+- Generated fix\n"},
    {false, "unreleased-as-paragraph.md", EDIT_CUT, NULL,
     "@5\n"
     "+## [99.0.0] - 2026-11-22\n"
     "+\n"
     "@8\n"
     "+- Generated thing\n"
     "@10\n"
     "+\n"
     "+- Generated fix\n"},
    {false, "unreleased-as-paragraph.md", EDIT_YANK, "0.2.0",
     "@11\n"
     "-## [0.2.0] - 2026-02-01\n"
     "+## [0.2.0] - 2026-02-01 [YANKED]\n"},
};

#endif

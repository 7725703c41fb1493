/* What git prints, read: the ordinary and the broken. And its words: secrets taken out, causes told apart. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "git/parse.h"
#include "git/push_report.h"
#include "git/words.h"

#define OID1 "1111111111111111111111111111111111111111"
#define OID2 "2222222222222222222222222222222222222222"

static struct buf bytes_of(const char *bytes, size_t len)
{
    struct buf b = {0};
    buf_add(&b, bytes, len);
    return b;
}

#define BYTES(literal) bytes_of(literal, sizeof(literal) - 1)

static void redacts_every_secret(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"https://ada:pw@host/x", "https://host/x"},
        {"https://token@host/x", "https://host/x"},
        {"unable to access 'https://a:p@ss@host/': no", "unable to access 'https://host/': no"},
        {"ssh://git:pw@host:22/x", "ssh://git@host:22/x"},
        {"ssh://git@host/x", "ssh://git@host/x"},
        {"git@host:x.git", "git@host:x.git"},
        {"HTTPS://A:B@h http://c:d@h2", "HTTPS://h http://h2"},
        {"http://host/path@2x", "http://host/path@2x"},
        {"://", "://"},
        {"", ""},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct buf b = bytes_of(cases[i][0], strlen(cases[i][0]));
        git_words_redact(&b);
        assert_string_equal(buf_string(&b), cases[i][1]);
        buf_clear(&b);
    }
}

static void tells_causes_apart(void **state)
{
    (void)state;
    static const struct {
        const char *said;
        enum error_kind kind;
    } cases[] = {
        {"fatal: not a git repository (or any of the parent directories): .git\n", ERROR_NOT_FOUND},
        {"fatal: Unable to create '/x/.git/index.lock': File exists.\n", ERROR_UNAVAILABLE},
        {"fatal: Authentication failed for 'https://h/'\n", ERROR_REFUSED},
        {"fatal: unable to access 'https://h/': Could not resolve host: h\n", ERROR_UNAVAILABLE},
        {"fatal: unable to access 'https://h/': The requested URL returned error: 403\n", ERROR_REFUSED},
        {"something else\n", ERROR_FAILED},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct error err;
        struct buf said = bytes_of(cases[i].said, strlen(cases[i].said));
        assert_int_equal(git_words_error(&err, &said, "Cannot %s", "x"), -1);
        assert_int_equal(err.kind, cases[i].kind);
        assert_string_equal(err.what, "Cannot x");
        buf_clear(&said);
    }
    struct error err;
    struct buf said = BYTES("hint: do that\nfatal: no \033[2J\n\nremote: why \n");
    git_words_error(&err, &said, "x");
    assert_string_equal(err.why, "no \\x1b[2J. why");
    buf_clear(&said);
    static const char *const sentences[][2] = {
        {"Could not read from remote repository.\n\nPlease make sure you have the correct access rights\n"
         "and the repository exists.\n",
         "Could not read from remote repository. Please make sure you have the correct access rights and the "
         "repository "
         "exists"},
        {"error: would be overwritten:\n\ta.txt\n\tB.txt\nPlease commit them.\n",
         "would be overwritten: a.txt, B.txt. Please commit them"},
        {"fatal: unknown repository extension found:\n\trefstorage\n",
         "unknown repository extension found: refstorage"},
    };
    for (size_t i = 0; i < COUNT(sentences); i++) {
        said = bytes_of(sentences[i][0], strlen(sentences[i][0]));
        git_words_error(&err, &said, "x");
        assert_string_equal(err.why, sentences[i][1]);
        buf_clear(&said);
    }
    assert_non_null(strstr(err.todo, "reftable"));
}

static void long_words_keep_both_ends(void **state)
{
    (void)state;
    struct error err;
    struct buf said = BYTES("first\n");
    for (int i = 0; i < 1000; i++)
        buf_adds(&said, "middle\n");
    buf_adds(&said, "last\n");
    git_words_error(&err, &said, "x");
    assert_int_equal(strncmp(err.why, "first. middle", 13), 0);
    assert_string_equal(err.why + strlen(err.why) - 4, "last");
    buf_clear(&said);
}

static int collect(void *context, const struct source_commit *commit)
{
    buf_addf(context, "%s<%s>[%.*s]%lld ", commit->author, commit->parents, (int)commit->message_len, commit->message,
             (long long)commit->when_ms);
    return 0;
}

static void a_log_in_any_pieces(void **state)
{
    (void)state;
    static const char log[] = OID1 "\0" OID2 " " OID2 "\0Ada\0"
                                   "17\0subject\n\nbody\n\0\n" OID2 "\0\0\0"
                                   "18\0\0\n";
    for (size_t piece = 1; piece < sizeof(log); piece++) {
        struct buf seen = {0};
        struct git_log reading = {.each = collect, .context = &seen};
        for (size_t at = 0; at < sizeof(log) - 1; at += piece) {
            size_t left = sizeof(log) - 1 - at;
            assert_int_equal(git_parse_log(&reading, log + at, left < piece ? left : piece), 0);
        }
        assert_string_equal(buf_string(&seen), "Ada<" OID2 " " OID2 ">[subject\n\nbody\n]17000 <>[]18000 ");
        assert_int_equal(reading.rest.len, 0);
        buf_clear(&reading.rest);
        buf_clear(&seen);
    }
    struct git_log broken = {.each = collect};
    assert_int_equal(git_parse_log(&broken, "x\0\0\0\0\0\n", 7), 1);
    assert_true(broken.malformed);
    buf_clear(&broken.rest);
}

static void dates_that_cannot_be(void **state)
{
    (void)state;
    assert_true(git_parse_date("1700000000 +0100") == 1700000000000);
    assert_true(git_parse_date("99999999999999999999") == 253402300799000);
    assert_true(git_parse_date("-5") == 0);
    assert_true(git_parse_date("") == 0);
}

static void a_status_of_every_kind(void **state)
{
    (void)state;
    struct error err;
    struct source_changes out = {0};
    struct buf b = BYTES("# branch.oid x\0"
                         "1 M. N... 100644 100644 100644 " OID1 " " OID1 " a b\nc\0"
                         "1 .D N... 100644 100644 000000 " OID1 " " OID1 " gone\0"
                         "2 R. N... 100644 100644 100644 " OID1 " " OID1 " R100 new\0old\0"
                         "u UU N... 1 1 1 1 " OID1 " " OID1 " " OID1 " both\0"
                         "? -x\0! ignored\0");
    assert_int_equal(git_parse_status(&out, &b, &err), 0);
    assert_int_equal(out.count, 5);
    assert_string_equal(out.items[0].path, "a b\nc");
    assert_true(out.items[0].staged && !out.items[0].unstaged);
    assert_true(!out.items[1].staged && out.items[1].unstaged);
    assert_string_equal(out.items[2].path, "new");
    assert_true(out.items[3].conflicted && !out.items[3].staged);
    assert_string_equal(out.items[3].path, "both");
    assert_true(out.items[4].untracked);
    assert_string_equal(out.items[4].path, "-x");
    source_changes_clear(&out);
    buf_clear(&b);
    static const char *const broken[] = {"1 M. a", "x y", "?", "? ", "2 R. N... 1 1 1 1 1 R100 new", "1"};
    for (size_t i = 0; i < COUNT(broken); i++) {
        b = bytes_of(broken[i], strlen(broken[i]) + 1);
        assert_int_equal(git_parse_status(&out, &b, &err), -1);
        assert_int_equal(out.count, 0);
        buf_clear(&b);
    }
}

static void remote_references(void **state)
{
    (void)state;
    struct error err;
    struct source_refs out = {0};
    struct buf b = BYTES(OID1 "\trefs/heads/main\n" OID2 "\trefs/tags/v1\n" OID1 "\trefs/tags/v1^{}\n");
    assert_int_equal(git_parse_ls_remote(&out, &b, &err), 0);
    assert_int_equal(out.count, 2);
    assert_string_equal(out.items[1].name, "refs/tags/v1");
    assert_string_equal(out.items[1].object, OID2);
    assert_string_equal(out.items[1].peeled, OID1);
    source_refs_clear(&out);
    buf_clear(&b);
    b = BYTES(OID1 "\trefs/heads/main\n" OID2 "\trefs/ta");
    assert_int_equal(git_parse_ls_remote(&out, &b, &err), -1);
    buf_clear(&b);
}

static void settings(void **state)
{
    (void)state;
    char *only = NULL;
    struct buf b = BYTES("core.bare\nfalse\0tag.gpgsign\0commit.gpgsign\nNo\0commit.gpgsign\nON\0a.b\n1\0"
                         "remote.pushdefault\nx\0remote.o.x.url\nhttps://h\nsecond line\0remote.o.x.url\nu\0");
    assert_true(git_parse_flag(&b, "tag.gpgsign"));
    assert_true(git_parse_flag(&b, "commit.gpgsign"));
    assert_true(git_parse_flag(&b, "a.b"));
    assert_false(git_parse_flag(&b, "core.bare"));
    assert_false(git_parse_flag(&b, "core"));
    assert_null(git_parse_value(&b, "core.bar"));
    assert_true(git_parse_only_remote(&only, &b));
    assert_string_equal(only, "o.x");
    free(only);
    buf_adds(&b, "remote.p.url\nu");
    buf_addc(&b, 0);
    assert_false(git_parse_only_remote(&only, &b));
    buf_clear(&b);
}

static void signatures_are_not_the_message(void **state)
{
    (void)state;
    static const char message[] = "notes\n-----BEGIN it all-----\n-----BEGIN SSH SIGNATURE-----\nabc\n";
    assert_int_equal(git_parse_signature(message, sizeof(message) - 1), 29);
    static const char quoted[] = "see -----BEGIN PGP SIGNATURE-----\n";
    assert_int_equal(git_parse_signature(quoted, sizeof(quoted) - 1), sizeof(quoted) - 1);
    size_t len;
    static const char commit[] = "tree " OID1 "\nparent " OID2 "\ngpgsig x\n parent not\n\nparent nor this\n";
    struct git_object_parts parts = git_parse_object(commit, sizeof(commit) - 1);
    assert_non_null(git_parse_header(&parts, "parent", 0, &len));
    assert_int_equal(len, 40);
    assert_null(git_parse_header(&parts, "parent", 1, &len));
    assert_int_equal(parts.message_len, strlen("parent nor this\n"));
}

static void reports_of_a_push(void **state)
{
    (void)state;
    static const struct {
        const char *report;
        enum push_verdict verdict;
        const char *reason;
    } cases[] = {
        {"!\ta:refs/heads/main\t[rejected] (atomic push failed)\n!\tb:refs/tags/v1\t[remote rejected] (hook "
         "declined)\n",
         PUSH_REFUSED, "hook declined"},
        {"!\ta:refs/heads/main\t[rejected] (stale info)\n", PUSH_MOVED_ON, "stale info"},
        {"!\ta:refs/heads/main\t[remote rejected] (atomic transaction failed)\n", PUSH_WITH_IT,
         "atomic transaction failed"},
        {"!\ta:r\t[remote rejected] (cannot lock ref 'r': is at 1 but expected 2)\n", PUSH_MOVED_ON,
         "cannot lock ref 'r': is at 1 but expected 2"},
        {"!\ta:r\t[remote failure] (remote failed to report status)\n", PUSH_UNKNOWN,
         "remote failed to report status"},
        {"!\t:r\t[new thing]\n", PUSH_BROKEN, "[new thing]"},
    };
    struct push_line line;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct buf b = BYTES("To host\n=\tx:refs/heads/x\t[up to date]\n");
        buf_adds(&b, cases[i].report);
        buf_adds(&b, "Done\n");
        assert_true(push_report_worst(&line, &b));
        assert_int_equal(line.verdict, cases[i].verdict);
        assert_int_equal(line.reason_len, strlen(cases[i].reason));
        assert_memory_equal(line.reason, cases[i].reason, line.reason_len);
        buf_clear(&b);
    }
    struct buf b = BYTES("To host\n*\tx:refs/heads/x\t[new branch]\n!\t\t\n!\tx\ty\nDone");
    assert_false(push_report_worst(&line, &b));
    buf_clear(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(redacts_every_secret),
        cmocka_unit_test(tells_causes_apart),
        cmocka_unit_test(long_words_keep_both_ends),
        cmocka_unit_test(a_log_in_any_pieces),
        cmocka_unit_test(dates_that_cannot_be),
        cmocka_unit_test(a_status_of_every_kind),
        cmocka_unit_test(remote_references),
        cmocka_unit_test(settings),
        cmocka_unit_test(signatures_are_not_the_message),
        cmocka_unit_test(reports_of_a_push),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* The printer, with standard output and error put into files. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "cli/output.h"
#include "tests/support/scratch.h"

struct bench {
    char *directory, *out_path, *err_path;
    int kept_out, kept_err;
};

static int redirect(int fd, const char *path)
{
    int kept = dup(fd), file = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    assert_true(kept >= 0 && file >= 0);
    dup2(file, fd);
    close(file);
    return kept;
}

static void begin(struct bench *bench)
{
    bench->directory = scratch_make();
    bench->out_path = path_join(bench->directory, "out");
    bench->err_path = path_join(bench->directory, "err");
    bench->kept_out = redirect(STDOUT_FILENO, bench->out_path);
    bench->kept_err = redirect(STDERR_FILENO, bench->err_path);
}

/* Both streams are given back before anything is asserted, so that failures are seen. */
static void end(struct bench *bench, struct buf *out, struct buf *err)
{
    struct error error;
    dup2(bench->kept_out, STDOUT_FILENO);
    dup2(bench->kept_err, STDERR_FILENO);
    close(bench->kept_out);
    close(bench->kept_err);
    assert_int_equal(file_read(out, bench->out_path, 1 << 20, &error), 0);
    assert_int_equal(file_read(err, bench->err_path, 1 << 20, &error), 0);
    scratch_remove(bench->directory);
    free(bench->out_path);
    free(bench->err_path);
}

static void check(struct bench *bench, const char *out, const char *err)
{
    CLEANUP(buf_clear) struct buf got_out = {0};
    CLEANUP(buf_clear) struct buf got_err = {0};
    end(bench, &got_out, &got_err);
    assert_string_equal(buf_string(&got_out), out);
    assert_string_equal(buf_string(&got_err), err);
}

static void lines_and_blocks_are_safe(void **state)
{
    (void)state;
    struct bench bench;
    struct output out;
    begin(&bench);
    output_init(&out, false);
    output_line(&out, "%s", "a\x1b[2Jb\nc");
    output_block(&out, "> ", "x\ty\r\n\nz\x07", 8);
    int code = output_end(&out, 3);
    check(&bench, "a\\x1b[2Jb\\nc\n> x    y\n\n> z\\x07\n", "");
    assert_int_equal(code, 3);
}

static void notes_keep_their_place_between_lines(void **state)
{
    (void)state;
    struct bench bench;
    struct output out;
    begin(&bench);
    /* One file for both streams shows the order. */
    dup2(STDOUT_FILENO, STDERR_FILENO);
    output_init(&out, false);
    output_line(&out, "one");
    output_note(&out, "two");
    output_line(&out, "three");
    output_end(&out, 0);
    check(&bench, "one\ntwo\nthree\n", "");
}

static void an_error_is_what_why_and_what_to_do(void **state)
{
    (void)state;
    struct bench bench;
    struct output out;
    struct error err;
    error_set(&err, ERROR_CONFLICT, "Cannot do it");
    error_why(&err, "somebody \x1b was first");
    error_todo(&err, "Wait");
    begin(&bench);
    output_init(&out, false);
    output_error(&out, &err);
    output_end(&out, 5);
    check(&bench, "", "signalbox: Cannot do it: somebody \\x1b was first\n  Wait\n");
}

/* A script must never read half an object and take it for a whole. */
static void an_error_takes_the_unfinished_object_back(void **state)
{
    (void)state;
    struct bench bench;
    struct output out;
    struct error err;
    error_set(&err, ERROR_FAILED, "No");
    begin(&bench);
    output_init(&out, true);
    json_begin_object(&out.writer, NULL);
    json_put_string(&out.writer, "half", "done");
    output_line(&out, "not shown with --json");
    output_error(&out, &err);
    output_end(&out, 1);
    CLEANUP(buf_clear) struct buf got_out = {0};
    CLEANUP(buf_clear) struct buf got_err = {0};
    end(&bench, &got_out, &got_err);
    assert_int_equal(got_out.len, 0);
    assert_non_null(strstr(buf_string(&got_err), "\"what\": \"No\""));
}

/* Not a terminal: what is over at once leaves no line; what takes long leaves few. */
static void progress_is_plain_and_rare_in_a_log(void **state)
{
    (void)state;
    struct bench bench;
    struct output out;
    begin(&bench);
    output_init(&out, false);
    for (int i = 0; i < 1000; i++)
        output_progress(&out, TEXT("reading"), (uint64_t)i, 1000);
    out.last_progress_ms -= 60000;
    output_progress(&out, TEXT("reading"), 500, 1000);
    output_progress(&out, TEXT("reading"), 501, 1000);
    /* What is waited for is said at once: whoever tells it has waited already. */
    output_progress(&out, TEXT("asking origin"), 0, 0);
    output_end(&out, 0);
    check(&bench, "", "reading: 50 %\nasking origin\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_and_blocks_are_safe),
        cmocka_unit_test(notes_keep_their_place_between_lines),
        cmocka_unit_test(an_error_is_what_why_and_what_to_do),
        cmocka_unit_test(an_error_takes_the_unfinished_object_back),
        cmocka_unit_test(progress_is_plain_and_rare_in_a_log),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

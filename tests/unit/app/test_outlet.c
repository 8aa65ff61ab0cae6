/* The log's way out: never waited for, and what is lost is counted. */
#include "app/outlet.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "support/table.h"

static const char line[] = "0123456789012345678901234567890123456789012345678901234567890123\n";

/* Adds lines, a turn for each hundred; how many found room. */
static size_t pour(struct outlet *o, size_t lines)
{
    size_t taken = 0;

    for (size_t i = 0; i < lines; i++) {
        struct buf *out = outlet_line(o);

        if (out)
            buf_add_text(out, line);
        taken += out != NULL;
        if (i % 100 == 99)
            outlet_turn(o);
    }
    return taken;
}

static size_t drain(int fd)
{
    char block[65536];
    size_t sum = 0;
    ssize_t got;

    fcntl(fd, F_SETFL, O_NONBLOCK);
    while ((got = read(fd, block, sizeof block)) > 0)
        sum += (size_t)got;
    return sum;
}

Test(outlet, loses_whole_lines_when_nobody_reads_and_goes_on_when_somebody_does)
{
    struct loop *l = loop_new(NULL);
    size_t taken, come = 0, lost;
    struct outlet *o;
    int ends[2];

    cr_assert(pipe(ends) == 0);
    o = outlet_new(l, ends[1]);
    taken = pour(o, 100000);
    lost = outlet_lost(o);
    cr_expect(lost > 0 && taken + lost == 100000, "%zu taken, %zu lost", taken, lost);
    cr_expect(taken * (sizeof line - 1) < OUTLET_MAX + 200000, "%zu", taken);
    cr_expect_eq(outlet_lost(o), 0, "told once");
    while (come < taken * (sizeof line - 1)) {
        come += drain(ends[0]);
        outlet_turn(o);
    }
    cr_expect_eq(come, taken * (sizeof line - 1));
    cr_expect_eq(pour(o, 10), 10, "there is room again");
    cr_expect_eq(outlet_broken(o), 0);
    outlet_free(o);
    close(ends[0]);
    close(ends[1]);
    loop_free(l);
}

Test(outlet, looks_again_by_itself)
{
    struct loop *l = loop_new(NULL);
    struct outlet *o;
    size_t come;
    int ends[2];

    cr_assert(pipe(ends) == 0);
    o = outlet_new(l, ends[1]);
    pour(o, 2000);
    come = drain(ends[0]);
    while (come < 2000 * (sizeof line - 1)) {
        cr_assert(loop_once(l));
        come += drain(ends[0]);
    }
    cr_expect_eq(come, 2000 * (sizeof line - 1));
    outlet_free(o);
    close(ends[0]);
    close(ends[1]);
    loop_free(l);
}

Test(outlet, gathers_the_lines_of_a_busy_time)
{
    struct loop *l = loop_new(NULL);
    size_t one = sizeof line - 1, come = 0;
    struct outlet *o;
    int ends[2];

    cr_assert(pipe(ends) == 0);
    o = outlet_new(l, ends[1]);
    buf_add_text(outlet_line(o), line);
    outlet_turn(o);
    cr_expect_eq(drain(ends[0]), one, "the first line goes out at once");
    for (int i = 0; i < 3; i++) {
        buf_add_text(outlet_line(o), line);
        outlet_turn(o);
    }
    while (come < 3 * one) { /* by itself */
        cr_assert(loop_once(l));
        come += drain(ends[0]);
    }
    cr_expect_eq(come, 3 * one);
    outlet_free(o);
    close(ends[0]);
    close(ends[1]);
    loop_free(l);
}

Test(outlet, waits_at_the_end_and_not_for_ever)
{
    struct loop *l = loop_new(NULL);
    struct outlet *o;
    int64_t begin;
    int ends[2];

    cr_assert(pipe(ends) == 0);
    o = outlet_new(l, ends[1]);
    pour(o, 5000);
    begin = loop_now(l);
    outlet_finish(o, CLOCK_SECOND / 20);
    cr_expect(loop_now(l) - begin < 10 * CLOCK_SECOND);
    cr_expect(loop_now(l) - begin >= CLOCK_SECOND / 20);
    outlet_free(o);
    close(ends[0]);
    close(ends[1]);
    loop_free(l);
}

Test(outlet, is_broken_when_the_reader_is_gone)
{
    struct loop *l = loop_new(NULL);
    struct outlet *o;
    int ends[2];

    signal(SIGPIPE, SIG_IGN);
    cr_assert(pipe(ends) == 0);
    close(ends[0]);
    o = outlet_new(l, ends[1]);
    pour(o, 100);
    cr_expect_eq(outlet_broken(o), EPIPE);
    cr_expect_null(outlet_line(o));
    cr_expect_eq(outlet_lost(o), 0, "nobody is there to be told");
    outlet_finish(o, CLOCK_SECOND);
    outlet_free(o);
    close(ends[1]);
    loop_free(l);
}

Test(outlet, a_file_takes_everything_at_once)
{
    struct loop *l = loop_new(NULL);
    FILE *file = tmpfile();
    struct outlet *o = outlet_new(l, fileno(file));

    cr_expect_eq(pour(o, 100000), 100000);
    outlet_finish(o, 0);
    cr_expect_eq(lseek(fileno(file), 0, SEEK_END), (off_t)(100000 * (sizeof line - 1)));
    outlet_free(o);
    fclose(file);
    loop_free(l);
}

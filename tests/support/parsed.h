/*
 * Command lines for tests: taken apart from a block of exactly their size, so that ASan sees a read
 * one octet too far; what was found as text; and what must hold of any line at all.
 */
#ifndef TESTS_PARSED_H
#define TESTS_PARSED_H
#include "base/buf.h"
#include "base/mem.h"
#include "smtp/command.h"

struct parsed {
    unsigned char *octets;
    struct line line;
    struct command command;
};

/* `octets` with its line end, if it has one. */
static inline void parsed_line(struct parsed *p, struct span octets, uint64_t longest)
{
    struct line_scan scan = { 0 };
    size_t keep;

    p->line = (struct line){ 0 };
    line_scan_push(&scan, octets, &p->line);
    if (p->line.end == LINE_OPEN && !line_scan_close(&scan, &p->line))
        p->line.end = LINE_CUT;
    keep = p->line.len < LINE_HEAD_MAX ? (size_t)p->line.len : LINE_HEAD_MAX;
    p->octets = mem_alloc(keep);
    if (keep)
        memcpy(p->octets, octets.at, keep);
    p->line.head = span_make(p->octets, keep);
    command_parse(&p->line, longest, &p->command);
}

static inline void parsed_release(struct parsed *p)
{
    mem_free(p->octets);
}

/* "NO_COLON 10+0, NO_BRACKETS 11+15": each with its column and length. */
static inline const char *found_text(const struct mistakes *found, struct buf *out)
{
    buf_truncate(out, 0);
    for (unsigned i = 0; i < found->count; i++)
        buf_printf(out, "%s%s %u+%u", i ? ", " : "", mistake_rows[found->at[i].mistake].name,
                   found->at[i].column, found->at[i].len);
    return buf_text(out);
}

static inline bool span_is_inside(struct span part, struct span whole)
{
    if (!part.at)
        return part.len == 0;
    return part.at >= whole.at && part.at + part.len <= whole.at + whole.len;
}

/* What is wrong with the mistakes found in a line of `len` octets; NULL: nothing. */
static inline const char *found_fault(const struct mistakes *found, uint64_t len)
{
    if (found->count > MISTAKES_MAX)
        return "more mistakes than there is room for";
    for (unsigned i = 0; i < found->count; i++) {
        const struct mistake_at *m = &found->at[i];

        if (m->mistake >= MISTAKE_COUNT)
            return "no such mistake";
        if (m->column == 0 && m->len)
            return "a mistake of the whole line has a length";
        if (m->column && m->len && (uint64_t)m->column - 1 + m->len > len)
            return "a mistake reaches past the line";
        if (m->column > len + 1)
            return "a mistake stands past the line";
    }
    return NULL;
}

static inline const char *path_fault(const struct path *path, struct span text)
{
    if (!span_is_inside(path->whole, text) || !span_is_inside(path->route, text))
        return "a path reaches past its text";
    if (!span_is_inside(path->mailbox, path->whole) || !span_is_inside(path->local, path->whole) ||
        !span_is_inside(path->domain, path->whole))
        return "a mailbox reaches past its path";
    if (path->kind == PATH_NONE && path->whole.len)
        return "a path of no kind";
    if (path->kind == PATH_NULL && path->mailbox.len)
        return "an empty path with a mailbox";
    if (path->domain.len && path->domain.at != path->local.at + path->local.len + 1)
        return "no @ between local part and domain";
    return NULL;
}

/* What must hold of any line and is broken; NULL: all of it holds. */
static inline const char *command_fault(const struct line *line, const struct command *c)
{
    const char *fault = found_fault(&c->mistakes, line->len);

    if (!fault)
        fault = path_fault(&c->path, line->head);
    if (fault)
        return fault;
    if (!span_is_inside(c->word, line->head) || !span_is_inside(c->argument, line->head))
        return "a word reaches past the line";
    if (c->verb >= VERB_COUNT || c->meant >= VERB_COUNT)
        return "no such verb";
    if (c->verb != VERB_UNKNOWN && c->meant != VERB_UNKNOWN)
        return "a known verb that was meant to be another";
    if (c->verb == VERB_UNKNOWN && !mistakes_worst(&c->mistakes, WRONG))
        return "a line that is no command, and nothing wrong with it";
    if (c->path.kind != PATH_NONE && c->verb != VERB_MAIL && c->verb != VERB_RCPT &&
        c->verb != VERB_VRFY)
        return "a path after a verb that takes none";
    if (c->param_count > COMMAND_PARAMS_MAX)
        return "more parameters than there is room for";
    for (unsigned i = 0; i < c->param_count; i++)
        if (!span_is_inside(c->params[i].keyword, line->head) || !c->params[i].keyword.len ||
            !span_is_inside(c->params[i].value, line->head) ||
            c->params[i].keyword.at != line->head.at + c->params[i].column - 1)
            return "a parameter that is not where it says";
    return NULL;
}

#endif

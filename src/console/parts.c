#include "console/parts.h"

#include <errno.h>
#include <unistd.h>

#include "base/marks.h"
#include "base/mem.h"
#include "console/inner.h"
#include "mime/charset.h"
#include "mime/reader.h"
#include "view/mime.h"
#include "view/para.h"

/* The number of a part; 0: it names none, and err says so. */
static unsigned part_number(const struct parts_letter *letter, const struct mime *m,
                            struct span word, struct error *err)
{
    uint64_t n = 0;

    if (span_number(word, &n) && n && n <= m->count)
        return (unsigned)n;
    error_set(err, "which part? A number from 1 to %zu, as in %s part 1", m->count,
              letter->command);
    return 0;
}

static void tree_page(const struct parts_letter *letter, const struct mime *m, struct styled *out)
{
    struct buf how = { 0 };

    mime_tree(m, letter->cols, letter->ascii, out);
    buf_printf(&how, "%s part 1 shows the first one; %s save 1 FILE writes it to a file, decoded.",
               letter->command, letter->command);
    para_add(out, letter->cols, STYLE_NOTE, "", buf_span(&how));
    buf_release(&how);
}

static enum parts_done part_page(const struct parts_letter *letter, const struct mime *m,
                                 unsigned number, struct styled *out, struct error *err)
{
    const struct mime_part *p = &m->parts[number - 1];
    struct mime_shown shown = { .mime = m, .number = number, .letter = letter->octets };
    struct buf decoded = { 0 }, text = { 0 };
    bool ok = true;

    if (mime_is_text(p)) {
        ok = mime_decode(letter->octets, p, &decoded, err);
        shown.charset_known = charset_to_utf8(span_of(p->charset), buf_span(&decoded), &text);
        shown.text = buf_span(&text);
    }
    if (ok)
        mime_part(&shown, letter->cols, letter->ascii, out);
    buf_release(&decoded);
    buf_release(&text);
    return ok ? PARTS_PAGE : PARTS_WRONG;
}

static bool write_file(const char *path, struct span octets, struct error *err)
{
    FILE *f = file_create(path, err);
    bool ok;

    if (!f)
        return false;
    ok = !octets.len || fwrite(octets.at, 1, octets.len, f) == octets.len;
    ok = fclose(f) == 0 && ok;
    if (ok)
        return true;
    error_set(err, "%s cannot be written: %s", path, strerror(errno));
    unlink(path); /* half a file is none */
    return false;
}

static enum parts_done save(const struct parts_letter *letter, const struct mime_part *p,
                            unsigned number, struct span file, struct styled *out,
                            struct error *err)
{
    struct buf octets = { 0 }, name = { 0 };
    char *path = file_path(file);
    bool ok = false;

    if (!*path) {
        mime_file_name(p, number, &name);
        error_set(err, "which file? As in %s save %u %s", letter->command, number, buf_text(&name));
    } else if (mime_decode(letter->octets, p, &octets, err) &&
               write_file(path, buf_span(&octets), err)) {
        styled_printf(out, STYLE_PLAIN, "Part %u is saved: %zu octets in ", number, octets.len);
        styled_add_marks(out, STYLE_PLAIN, span_of(path), letter->ascii ? MARKS_ASCII : 0);
        styled_add_text(out, STYLE_PLAIN, "\n");
        ok = true;
    }
    buf_release(&octets);
    buf_release(&name);
    mem_free(path);
    return ok ? PARTS_SAID : PARTS_WRONG;
}

static enum parts_done take(const struct parts_letter *letter, const struct mime *m,
                            struct span words, struct styled *out, struct error *err)
{
    struct span rest, file, verb = span_cut(words, ' ', &rest), word;
    unsigned number;

    word = span_cut(span_trim(rest), ' ', &file);
    if (span_eq(verb, SPAN("parts")) && !word.len) {
        tree_page(letter, m, out);
        return PARTS_PAGE;
    }
    if (!span_eq(verb, SPAN("part")) && !span_eq(verb, SPAN("save"))) {
        error_set(err, "a letter's parts: %s parts, or part NUMBER, or save NUMBER FILE",
                  letter->command);
        return PARTS_WRONG;
    }
    number = part_number(letter, m, word, err);
    if (!number)
        return PARTS_WRONG;
    if (span_eq(verb, SPAN("part")))
        return part_page(letter, m, number, out, err);
    return save(letter, &m->parts[number - 1], number, file, out, err);
}

enum parts_done parts_take(const struct parts_letter *letter, struct span words, struct styled *out,
                           struct error *err)
{
    enum parts_done done = PARTS_WRONG;
    struct mime m = { 0 };

    if (mime_read(letter->octets, &m, err))
        done = take(letter, &m, span_trim(words), out, err);
    mime_release(&m);
    return done;
}

/* Behind "save 2 ": the name. */
static void complete_save(struct span octets, const char *before, struct span typed,
                          complete_fn *fn, void *ctx)
{
    struct span rest, word = span_cut(typed, ' ', &rest);
    struct buf line = { 0 }, name = { 0 };
    struct mime m = { 0 };
    uint64_t n = 0;

    if (octets.len <= PARTS_COMPLETED_MAX && span_number(word, &n) && n && word.len < typed.len &&
        mime_read(octets, &m, NULL) && n <= m.count) {
        mime_file_name(&m.parts[n - 1], (unsigned)n, &name);
        buf_printf(&line, "%ssave %llu %s", before, (unsigned long long)n, buf_text(&name));
        fn(ctx, buf_text(&line), buf_text(&name));
    }
    mime_release(&m);
    buf_release(&line);
    buf_release(&name);
}

void parts_complete(struct span octets, const char *before, const char *typed, complete_fn *fn,
                    void *ctx)
{
    static const char *const words[] = { "parts", "part ", "save " };
    struct span all = span_of(typed);
    struct buf line = { 0 };

    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        buf_clear(&line);
        buf_printf(&line, "%s%s", before, words[i]);
        fn(ctx, buf_text(&line), words[i]);
    }
    buf_release(&line);
    if (span_starts(all, SPAN("save ")))
        complete_save(octets, before, span_from(all, 5), fn, ctx);
}

/* A dot in front was doubled on the way (RFC 5321 4.5.2). */
static void add_line(const struct record *r, unsigned d, uint32_t n, struct buf *out)
{
    size_t start = out->len;

    record_line_octets(r, d, n, 0, out);
    if (out->len == start || out->at[start] != '.')
        return;
    memmove(out->at + start, out->at + start + 1, out->len - start - 1);
    buf_truncate(out, out->len - 1);
}

bool parts_of_record(const struct record *r, unsigned d, uint32_t n, size_t most, struct buf *out,
                     struct error *err)
{
    uint32_t first, last;

    if (n > record_lines(r, d))
        n = record_lines(r, d);
    if (!record_letter(r, d, n, &first, &last)) {
        error_set(err, "there is no letter yet: it starts when the server answers DATA with 354");
        return false;
    }
    for (uint32_t at = first; at <= last; at++) {
        struct record_line kept;

        if (record_line_role(r, d, at) != ROLE_LETTER)
            continue;
        record_line(r, d, at, 0, &kept);
        if (kept.gap) {
            error_set(err, "the letter is no longer whole in memory");
            return false;
        }
        if (kept.line.len > most || out->len > most - kept.line.len) {
            error_set(err, "the letter has more than %zu octets", most);
            return false;
        }
        add_line(r, d, at, out);
    }
    return true;
}

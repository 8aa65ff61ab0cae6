/*
 * The script format: text that reads as the textbooks print a session. Its grammar, its reader and
 * its writer. Pure: files are opened by others. smtpscope-script(5) describes it for people.
 *
 *   - `# text`             a remark; a whole line only
 *   - `C: text`            sent, with CRLF. One space after the colon is not part of it, and C:
 *                          alone sends an empty line
 *   - `C\: "text\r\n"`     sent exactly as it is, escaped (base/escape.h); nothing is added
 *   - `S: 250 text`        awaited: the code is compared, the text is for the reader. A hyphen
 *                          after the code: the reply goes on in the next S: line
 *   - `S= 250 text`        awaited: the text must be the same, too
 *   - `S\: "text\r\n"`     awaited, escaped: for lines that are no reply, or hold odd octets
 *   - `/command argument`  the console's
 *   - `@+1.250`            seconds that passed before the next line; used with --pace real
 *   - `#2 C: text`         a line of dialogue 2, where a script holds several; any of the above
 *
 * Spaces before a line and empty lines mean nothing. Lines end in LF or CRLF.
 */
#ifndef STORED_SCRIPT_H
#define STORED_SCRIPT_H
#include "base/buf.h"
#include "base/error.h"
#include "base/span.h"

/* Larger files are refused with a clear error. */
#define SCRIPT_OCTETS_MAX ((size_t)1024 * 1024 * 1024)
/* Each dialogue of a script costs its player some 40 kilobytes. */
#define SCRIPT_DIALOGUES_MAX 1000
/* A pause of more than a week is a slip of the pen; what the writer is given above it is cut. */
#define SCRIPT_PAUSE_MAX ((int64_t)7 * 24 * 3600 * 1000000)
/* After so many errors script_check() only counts: the file is no script. */
#define SCRIPT_ERRORS_SHOWN 50

enum script_kind {
    SCRIPT_SEND,    /* octets to send, CRLF included where it is due */
    SCRIPT_EXPECT,  /* one line of an awaited reply */
    SCRIPT_COMMAND, /* a console command, without the slash */
    SCRIPT_REMARK,
    SCRIPT_PAUSE, /* `pause` microseconds passed before the next item */
};

struct script_item {
    enum script_kind kind;
    unsigned dialogue; /* 1 unless numbered */
    unsigned line;     /* in the file, from 1 */
    /* SEND: exact. EXPECT: the reply's line, without its line end unless `escaped`. COMMAND,
     * REMARK: its text. */
    struct span octets;
    unsigned code; /* EXPECT; 0: an escaped line that does not start with three digits */
    bool more;     /* EXPECT: the reply goes on (250-) */
    bool exact;    /* EXPECT: the text must match too */
    bool escaped;  /* it was a C\: or S\: line */
    int64_t pause;
};

/* A streaming reader: borrows `text`, which must outlive it. Never fails as a whole: a wrong line
 * gives an error with line and column, and reading can go on. */
struct script_reader;
struct script_reader *script_reader_new(struct span text);
void script_reader_free(struct script_reader *r); /* NULL is fine */
enum script_read { SCRIPT_ITEM, SCRIPT_END, SCRIPT_ERROR };
/* ITEM: *out borrows until the next call. ERROR: err->text is "LINE:COLUMN: what, and the right
 * form". */
enum script_read script_reader_next(struct script_reader *r, struct script_item *out,
                                    struct error *err);
/* All errors of a script, each on its line, appended to out as "NAME:LINE:COLUMN: ...\n"; how many
 * there are. */
unsigned script_check(struct span text, const char *name, struct buf *out);

/* The writer: appends the script form of one wire line (octets with their line end, whatever they
 * are). The reader gives the same octets back: a SEND's exactly; an EXPECT's without the CRLF
 * unless `escaped`. */
void script_write_line(struct buf *out, bool client, struct span octets);
/* The same for a line of a numbered dialogue: "#2 C: ...". */
void script_write_numbered(struct buf *out, unsigned dialogue, bool client, struct span octets);
/* Cut to milliseconds; nothing is written when none is left. */
void script_write_pause(struct buf *out, int64_t us);
/* One remark for each line of text; what is not safe to show is shown as marks. */
void script_write_remark(struct buf *out, struct span text);

#endif

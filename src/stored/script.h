/*
 * The script format: text that reads as the textbooks print a session. Grammar and reader, and the
 * writer's half in script_write.h. Pure. The format is described in smtpscope-script(5).
 *
 *   # a remark          (whole lines only)
 *   C: text             sent, with CRLF; one space after the colon is not part of it; C: alone is
 * an empty line C\: "text\r\n"      sent exactly, escaped (base/escape.h), nothing added S: 250
 * text         awaited; the code is compared; S: 250-... lines belong to one reply S= 250 text
 * awaited; the text must match too /command args       the console's #2 C: ... #2 S: ... lines of
 * dialogue 2, where a script holds several
 *   @+1.250             seconds since the line before (written when recording; used with --pace
 * real)
 */
#ifndef STORED_SCRIPT_H
#define STORED_SCRIPT_H
#include "base/buf.h"
#include "base/error.h"
#include "base/span.h"

/* Larger files are refused with a clear error. */
#define SCRIPT_OCTETS_MAX ((size_t)1024 * 1024 * 1024)

enum script_kind {
    SCRIPT_SEND,    /* octets to send, CRLF included where it is due */
    SCRIPT_EXPECT,  /* one line of an awaited reply */
    SCRIPT_COMMAND, /* a console command, without the slash */
    SCRIPT_REMARK,
    SCRIPT_PAUSE, /* `pause` microseconds passed before the next item */
};

struct script_item {
    enum script_kind kind;
    unsigned dialogue;  /* 1 unless numbered */
    unsigned line;      /* in the file, from 1 */
    struct span octets; /* SEND: exact; EXPECT: the line as written; COMMAND, REMARK: its text */
    unsigned code;      /* EXPECT */
    bool more;          /* EXPECT: the reply goes on (250-) */
    bool exact;         /* EXPECT: the text must match too */
    bool escaped;       /* SEND: it was a C\: line */
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
/* All errors of a script, each on its line, appended to out as "NAME:LINE:COLUMN: ...\n"; count. */
unsigned script_check(struct span text, const char *name, struct buf *out);

/* Writer: appends the script form of one wire line (octets with their line end). The reader gives
 * the same octets back. */
void script_write_line(struct buf *out, bool client, struct span octets);
void script_write_pause(struct buf *out, int64_t us);
void script_write_remark(struct buf *out, struct span text);

#endif

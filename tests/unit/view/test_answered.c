/* Replies to commands that were sent together say which one they answer. */
#include "view/answered.h"

#include "support/talks.h"
#include "view/walk.h"

static const struct {
    const char *name, *talk, *want; /* want: for each reply, "" or the words, "|" behind each */
} rows[] = {
    { "one at a time", "S: 220 x\nC: HELO a\nS: 250 x\nC: NOOP\nS: 250 ok\n", "|||" },
    { "a group",
      "S: 220 x\nC: EHLO a\nS: 250 PIPELINING\nC: MAIL FROM:<a@b>\nC: RCPT TO:<c@d>\nC: DATA\n"
      "S: 250 a\nS: 250 b\nS: 354 go\n",
      "||to MAIL FROM:<a@b>|to RCPT TO:<c@d>|to DATA|" },
    { "a group of which one reply has come", "S: 220 x\nC: NOOP a\nC: NOOP b\nS: 250 a\n",
      "|to NOOP a|" },
    { "several lines are one reply", "S: 220 x\nC: EHLO a\nC: NOOP\nS: 250-x\nS: 250 y\nS: 250 z\n",
      "|to EHLO a|to NOOP|" },
    { "before the greeting", "C: EHLO a\nS: 220 x\nS: 250 a\n", "|to EHLO a|" },
    { "a letter is no group",
      "S: 220 x\nC: HELO a\nS: 250 x\nC: MAIL FROM:<a@b>\nS: 250 a\nC: RCPT TO:<c@d>\nS: 250 b\n"
      "C: DATA\nS: 354 go\nC: x\nC: .\nS: 250 taken\n",
      "||||||" },
    { "the dot and what came behind it",
      "S: 220 x\nC: HELO a\nS: 250 x\nC: MAIL FROM:<a@b>\nS: 250 a\nC: RCPT TO:<c@d>\nS: 250 b\n"
      "C: DATA\nS: 354 go\nC: x\nC: .\nC: QUIT\nS: 250 taken\nS: 221 bye\n",
      "|||||to the dot|to QUIT|" },
    { "a chunk is no group",
      "S: 220 x\nC: EHLO a\nS: 250 CHUNKING\nC: MAIL FROM:<a@b>\nS: 250 a\nC: RCPT TO:<c@d>\n"
      "S: 250 b\nC: BDAT 6 LAST\nC: a\nC: b\nS: 250 taken\n",
      "|||||" },
    { "chunks together are one",
      "S: 220 x\nC: EHLO a\nS: 250 CHUNKING\nC: MAIL FROM:<a@b>\nS: 250 a\nC: RCPT TO:<c@d>\n"
      "S: 250 b\nC: BDAT 3\nC: a\nC: BDAT 3 LAST\nC: b\nS: 250 1\nS: 250 2\n",
      "||||to BDAT 3|to BDAT 3 LAST|" },
    { "a secret is masked", "S: 220 x\nC: AUTH PLAIN AGEAYg==\nC: NOOP\nS: 235 in\n",
      "|to AUTH PLAIN ********|" },
    { "a long command is cut",
      "S: 220 x\nC: NOOP 0123456789012345678901234567890123456789012345678901234567890123\nC: "
      "NOOP\n"
      "S: 250 a\n",
      "|to NOOP 0123456789012345678901234567890123456789012345678901234...|" },
    { "nobody asked", "S: 220 x\nC: NOOP\nS: 250 a\nS: 421 bye\n", "|||" },
};

Test(answered, tells_which_command_of_a_group)
{
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct record *r = talk_of(rows[i].talk);
        struct buf got = { 0 };
        struct walk w;

        walk_start(&w, r, 1, 1);
        while (walk_next(&w)) {
            if (w.line.side == SIDE_CLIENT)
                continue;
            if (answered_of_group(r, 1, &w.line, &w.after))
                answered_words(r, 1, w.line.answers_line, 0, &got);
            if (w.line.reply.whole)
                buf_add_octet(&got, '|');
        }
        cr_expect_str_eq(buf_text(&got), rows[i].want, "%s", rows[i].name);
        buf_release(&got);
        record_free(r);
    }
}

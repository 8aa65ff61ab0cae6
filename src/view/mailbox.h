/* Mailboxes of the lab's server and the letters in them, as text. */
#ifndef VIEW_MAILBOX_H
#define VIEW_MAILBOX_H
#include "view/styled.h"

struct mailbox_letter {
    struct span from;   /* envelope sender; empty: <> */
    struct span octets; /* the letter as stored */
};
/* One line for each letter: number, sender, subject, size. */
void mailbox_list(struct span name, const struct mailbox_letter *letters, unsigned count,
                  bool ascii, struct styled *out);
/* One letter, header and body told apart. */
void mailbox_letter(const struct mailbox_letter *letter, unsigned number, bool ascii,
                    struct styled *out);

#endif

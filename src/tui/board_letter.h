/* The letter that was opened last on the screen of a server, and what can be asked about it. */
#ifndef TUI_BOARD_LETTER_H
#define TUI_BOARD_LETTER_H
#include "dialogue/record.h"
#include "view/styled.h"

struct board_letter {
    const struct record *record; /* borrowed */
    unsigned dialogue;           /* 0: none was opened yet */
    uint32_t line;               /* of the dialogue, at its end */
    unsigned cols;
    bool ascii;
};
/* `words`: "" the letter itself, or what parts_take() knows. True: *page is what is to be shown;
 * false: *page is as it was, and *note says what is to be said. */
bool board_letter_take(const struct board_letter *letter, struct span words, struct styled *page,
                       struct styled *note);

#endif

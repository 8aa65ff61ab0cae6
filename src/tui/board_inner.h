/* The state of a server's screen, shared by board*.c: board.c has its loop and its keys. */
#ifndef TUI_BOARD_INNER_H
#define TUI_BOARD_INNER_H
#include "tui/blit.h"
#include "tui/board.h"
#include "tui/board_letter.h"
#include "tui/keys.h"
#include "view/overview.h"

enum board_page { BOARD_LIST, BOARD_DIALOGUE, BOARD_TEXT };
enum board_signal {
    BOARD_TERM,
    BOARD_INT,
    BOARD_HUP,
    BOARD_WINCH,
    BOARD_TSTP,
    BOARD_CONT,
    BOARD_SIGNALS
};

struct board {
    struct board_options o;
    struct watch *keyboard, *key_timer, *draw_timer, *signals[BOARD_SIGNALS];
    struct keys keys;
    struct styled note; /* owned: what was said last; gone with the next key */
    unsigned rows, cols;
    struct grid grid;
    struct blit blit;
    enum board_page page, back;   /* back: where Esc leads from a text */
    struct sessions_look list[2]; /* of sessions, of letters */
    struct sessions_drawn drawn;
    bool letters; /* the second of them */
    struct screen screen;
    struct screen_spots spots;  /* as drawn last */
    struct buf status, heading; /* owned: what the screen borrows */
    struct buf needle;          /* owned: the same, and what /find looks for */
    struct styled text;         /* BOARD_TEXT; owned */
    struct board_letter letter; /* the one that /letter is about */
    unsigned prompt_first;
    int64_t drawn_at;
    bool changed, key, done, leaving;
    int result;
};

void board_leave(struct board *b, int result);
/* In the prompt's row, until the next key. */
void board_say(struct board *b, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* board_page.c */
void board_draw(struct board *b);
/* Enter: the selected session or letter; in a dialogue the line's explanation. */
void board_open(struct board *b);
void board_open_session(struct board *b, uint64_t number);
void board_open_text(struct board *b, const char *heading); /* what b->text holds; static */
void board_open_letter(struct board *b, struct span words);
void board_explain(struct board *b, uint32_t line);
void board_go(struct board *b, uint32_t line); /* selects it */
void board_back(struct board *b);
void board_move(struct board *b, int by); /* rows, or lines */
void board_move_page(struct board *b, int pages);
void board_move_end(struct board *b, bool start);

/* board_command.c */
void board_typed(void *board, struct span line);
void board_complete(struct board *b);
void board_help(struct board *b);

#endif

/*
 * The screen's state, shared by the files of this room. What happens (a key, a hook, a signal)
 * changes it and says what must be drawn; tui_run draws once for each batch of events.
 */
#ifndef TUI_INNER_H
#define TUI_INNER_H
#include "console/console.h"
#include "tui/blit.h"
#include "tui/field.h"
#include "tui/keys.h"
#include "tui/keytable.h"
#include "tui/paste.h"
#include "tui/tui.h"
#include "view/screen.h"

/* Who gets the letters, and what stands in the place of the panes. */
enum mode {
    MODE_PROMPT,  /* the panes, or a page: letters are the prompt's */
    MODE_MENU,    /* digits and arrows choose; letters end it */
    MODE_HELP,    /* letters search it */
    MODE_FIND,    /* letters are what is searched for */
    MODE_COMMAND, /* letters are a command of the console */
    MODE_PASTE,   /* held lines; a key says what becomes of them */
    MODE_BARE     /* any key ends it */
};

enum draw { DRAW_NOTHING, DRAW_PROMPT, DRAW_ALL };

#define MENU_ROWS_MAX 32
struct menu {
    const struct key_row *rows[MENU_ROWS_MAX];
    unsigned count, mark;
    bool by_cancel; /* Ctrl-C opened it: once more leaves */
};

/* The faults of the lab's server: a page with rows to choose from. */
struct panel {
    bool open;
    unsigned row;
};

struct find {
    struct buf needle; /* owned: what screen.found borrows */
    uint32_t from;     /* the search began at this line; 0: at the end */
    bool missing;
};

struct suggest {
    struct buf text; /* owned: what stood before the cursor when the rest was found */
    char rest[160];
    bool known;
};

enum tui_signal { TUI_TERM, TUI_HUP, TUI_INT, TUI_WINCH, TUI_TSTP, TUI_CONT, TUI_SIGNALS };

struct tui {
    struct tui_options o;
    char *client_name;       /* owned */
    struct console *console; /* NULL: none yet */
    bool done;
    int status;

    struct watch *keyboard, *key_timer, *draw_timer, *second_timer, *signals[TUI_SIGNALS];
    struct keys keys;
    enum keys_wait key_wait; /* what key_timer is set for */
    int64_t esc_delay;       /* microseconds */

    enum mode mode;
    struct field field; /* the letters of MODE_HELP, _FIND, _COMMAND, and passwords */
    struct menu menu;
    struct panel panel;
    struct find find;
    struct paste paste;
    struct suggest suggest;
    struct buf tab_from; /* owned: what stood there before Tab */
    struct buf tab_line; /* owned: what Tab wrote */
    bool empty_secret;   /* Enter was pressed on an empty hidden prompt, and nothing was sent */
    unsigned tab_turn;   /* of the candidates; 0: Tab wrote nothing */
    bool mouse, dim;

    enum draw draw;
    bool changed;     /* the record or the console; may be put off for a moment */
    uint64_t version; /* of the record, as looked at last */
    int64_t drawn_at; /* for that reason, last */
    unsigned rows, cols;
    struct grid grid;
    struct blit blit;
    struct grid prompt_base;   /* the prompt's row as screen_draw left it */
    unsigned prompt_first;     /* cells scrolled out */
    struct styled notice;      /* the console's words; owned */
    bool notice_brief;         /* any key takes it away */
    bool notice_said;          /* since the last key */
    struct screen screen;      /* borrows from what follows */
    struct screen_spots spots; /* as drawn last */
    struct screen_spots panes; /* as drawn last with the dialogue in sight */
    struct styled page_text;   /* owned */
    struct buf hint, footer;   /* owned */
    struct next_step next[CONSOLE_NEXT_MAX];
    struct next_item next_items[CONSOLE_NEXT_MAX];
};

/* tui.c */
void tui_back(struct tui *t); /* after a stop: size, modes and screen anew */

/* draw.c */
void tui_draw(struct tui *t);
void tui_ask_draw(struct tui *t, enum draw what);

/* notice.c */
/* Words of ours or the console's, shown until the next key that acts; brief: until any key. */
void notice_add(struct tui *t, const struct styled *text);
void notice_say(struct tui *t, bool brief, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void notice_clear(struct tui *t);
/* Draws it where there is room; false: there is none but on a page. */
bool notice_draw(struct tui *t);

/* request.c */
void tui_request(struct tui *t, enum request request);
void tui_mouse(struct tui *t, bool on);

/* typed.c */
void tui_key(struct tui *t, const struct key *key);
/* What Enter does with the prompt's line. */
void tui_line(void *ctx, struct span text);
/* The letters go to a field, and it is a password's. */
bool tui_secret(const struct tui *t);
/* Before each key and each drawing: what stands in the wrong line is moved. */
void tui_keep_secret(struct tui *t);
bool tui_in_letter(const struct tui *t);
/* Nothing is typed where the letters go. */
bool tui_line_empty(const struct tui *t);

/* look.c */
void look_scroll(struct tui *t, int by);
void look_page(struct tui *t, int pages);
void look_start(struct tui *t);
void look_end(struct tui *t);
void look_select(struct tui *t, int by);
void look_go(struct tui *t, uint32_t line); /* selects it and brings it into view */
void look_click(struct tui *t, unsigned row, unsigned col);
void look_focus(struct tui *t);
uint32_t look_line(const struct tui *t); /* the selected line, or the last; 0: there is none */

/* page.c */
/* Takes the text's content; heading is static. */
void page_open_text(struct tui *t, const char *heading, struct styled *text);
void page_open(struct tui *t, enum screen_page page);
void page_close(struct tui *t); /* back to the panes; what a mode typed is gone */
bool page_key(struct tui *t, const struct key *key);
void page_move(struct tui *t, int rows);
void page_show_mark(struct tui *t); /* scrolls so that page_mark is seen */

/* menu.c */
void menu_open(struct tui *t, bool by_cancel);
bool menu_key(struct tui *t, const struct key *key);
/* Esc and a digit. False: no such choice now. */
bool menu_digit(struct tui *t, char digit);

/* panel.c */
void panel_open(struct tui *t, unsigned row);
/* What it shows is what is now: before each drawing. */
void panel_fill(struct tui *t);
/* While nothing is typed, Space, Enter and Delete are the panel's. */
bool panel_key(struct tui *t, const struct key *key);

/* help.c */
void help_open(struct tui *t);
void help_resize(struct tui *t); /* while it is open */
bool help_key(struct tui *t, const struct key *key);
/* The keys and commands whose lines hold `needle` (empty: all). */
void tui_help_text(struct span needle, unsigned cols, struct styled *out);

/* find.c */
void find_open(struct tui *t);
void find_for(struct tui *t, struct span needle, bool backwards);
bool find_key(struct tui *t, const struct key *key);

/* held.c */
void held_open(struct tui *t, struct span text);
/* The rest of the lines, when all are to be sent: called at each turn of the loop. */
void held_turn(struct tui *t);
bool held_key(struct tui *t, const struct key *key);

/* complete.c */
void complete_key(struct tui *t);

/* suggest.c */
/* What the likely line goes on with after the prompt's text, shown faint; "": nothing. */
const char *suggest_rest(struct tui *t);
void suggest_forget(struct tui *t); /* something else than the text changed */

/* copy.c */
void copy_line(struct tui *t);
void copy_dialogue(struct tui *t);

#endif

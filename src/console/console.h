/*
 * The console: what a typed line does, with no terminal in sight. The screen, the plain mode, a
 * pipe and a script all call this. It owns the talks (client connections), knows what is legal
 * next, completes, hints, holds pasted lines and plays scripts.
 */
#ifndef CONSOLE_CONSOLE_H
#define CONSOLE_CONSOLE_H
#include "base/error.h"
#include "dialogue/notes.h"
#include "dialogue/record.h"
#include "net/loop.h"
#include "view/styled.h"

struct server;

struct console_config {
    struct loop *loop;     /* borrowed */
    struct record *record; /* borrowed */
    struct server *server; /* the lab's; NULL: none */
    struct notes_style notes;
    const char *helo_name; /* "crepes.fr" in the lab, the machine's name elsewhere; copied */
    bool name_guessed;     /* nobody chose that name: where it has no dot, the address is better */
    int64_t timeout;    /* connecting, and waiting for replies in scripts and pipes; microseconds */
    int family;         /* enum stream_family */
    const char *source; /* our own address, in numbers; NULL: the system chooses. Strings of this
                           part are borrowed */
    unsigned proxy_header; /* as struct client_options has it; not for the lab's own server */
    bool lmtp;             /* the servers speak LMTP: greet with LHLO */
    /* Connections to hosts; the lab's own server is not asked for encryption. */
    bool tls_first; /* TLS from the first octet */
    bool starttls;  /* STARTTLS as soon as the server has greeted */
    bool insecure;  /* go on where the certificate is not verified */
    /* Of the lab: the CA's certificate, a path that may still come; who can log in, and how. */
    const struct buf *lab_ca; /* borrowed */
    const char *lab_user, *lab_password;
    const char *cert_file, *key_file; /* shown to servers that ask, PEM; NULL: none */
    const char *ca_file;              /* CAs to trust, PEM; NULL: the system's */
    const char *auth;                 /* log in as soon as possible, as this user; NULL: do not */
    const char *secret; /* the password for /auth where nobody can be asked; NULL: none */
    bool keep_step;     /* piped: each line waits for the reply to the one before */
    bool show_secrets;
    bool alone; /* nobody looks: a pipe, or a script from the command line */
};

/* Panes that a command asks the front end to open; the plain mode prints their text instead. */
enum console_pane {
    PANE_HELP,
    PANE_EXPLAIN,
    PANE_LADDER,
    PANE_STATES,
    PANE_LETTER,
    PANE_MAILBOX,
    PANE_STATE,
    PANE_LEARN,
    PANE_SERVER, /* what the lab's server is, or waits for */
    PANE_TALKS,
    PANE_TLS,    /* what is known of the encryption */
    PANE_OCTETS, /* each write and read, in hexadecimal */
    PANE_FAULTS  /* of the lab's server: the panel below */
};

struct console_hooks {
    void (*changed)(void *ctx);                        /* look again: record, prompt, next steps */
    void (*say)(void *ctx, const struct styled *text); /* the console's own words, whole lines */
    void (*complain)(void *ctx, const char *text);     /* an error; plain mode: standard error */
    void (*open)(void *ctx, enum console_pane pane,
                 const struct styled *text); /* text: all of it, for plain */
    /* A talk is to be shown again from its start; NULL: the screen draws console_shown() anyway. */
    void (*show)(void *ctx, unsigned dialogue);
    void (*find)(void *ctx, struct span needle, bool backwards);
    void (*mouse)(void *ctx, bool on); /* who has the mouse; NULL: no screen, so no mouse */
    /* Leave now; talks are closed by console_free, which must not be called from a hook. */
    void (*quit)(void *ctx, int status);
    void *ctx;
};

struct console;
struct console *console_new(const struct console_config *config, const struct console_hooks *hooks);
void console_free(struct console *c); /* NULL is fine */

/* Talks. */
void console_connect(struct console *c, const char *host,
                     unsigned port); /* a new dialogue; becomes the current one */
/* The same, to the mail servers of a domain, one after the other until one takes mail. */
void console_connect_mx(struct console *c, const char *domain, unsigned port);
void console_connect_lab(struct console *c); /* to our own server */
/* Reads the CAs of the configuration now, not when they are needed first. False: err. */
bool console_read_ca(struct console *c, struct error *err);
/* Where the lab's server can be connected to: "127.0.0.1:40123"; "" when there is none. */
const char *console_lab(const struct console *c);
unsigned console_dialogue(const struct console *c); /* the current one; 0: none yet */
/* The one to be looked at: the current one, unless /talk shows another. */
unsigned console_shown(const struct console *c);
bool console_talking(const struct console *c); /* its connection is open, or being opened */
/* Which dialogue a connection from this local port of ours is: for the server's hooks. */
unsigned console_dialogue_of(void *c, unsigned client_port);

/* What Enter does with a line (without line end). Everything may be typed at any time. */
void console_enter(struct console *c, struct span line);
/* A command of the console, with or without its slash, also inside DATA: for menus and keys. */
void console_command(struct console *c, struct span line);
/* Lines from a pipe: queued, taken in step with the replies (keep_step). */
void console_queue(struct console *c, struct span line);
size_t console_queued(const struct console *c);
/* No more piped lines: when all are sent and answered the connection is closed, then hooks.quit. */
void console_input_ended(struct console *c);
/* Ctrl-C and the like: stops a script, a wait, a /send; true when something was stopped. */
bool console_interrupt(struct console *c);

/* The prompt. */
enum prompt_kind { PROMPT_TALK, PROMPT_LETTER, PROMPT_NO_SERVER, PROMPT_SECRET, PROMPT_PIPELINE };
enum prompt_kind console_prompt(const struct console *c);
const char *console_prompt_text(
    const struct console *c); /* "C: ", "letter| ", "no server> ", "(password) ", "go> " */
/* What the right end of the prompt says: "type here, then Enter", "line 5, then Enter", a count of
 * held or queued lines ... Empty when there is nothing to say. */
void console_prompt_hint(const struct console *c, struct buf *out);
/* Time alone changes what it says: how long a real server has been silent. */
bool console_hint_ages(const struct console *c);

/* What may come next, most likely first. */
#define CONSOLE_NEXT_MAX 8
struct next_step {
    char shown[96];  /* "RCPT TO:<...>" */
    char typed[160]; /* what Tab writes; "": nothing is to be typed now */
    char hint[96];   /* "one more recipient" */
};
unsigned console_next(const struct console *c, struct next_step out[CONSOLE_NEXT_MAX]);

/* Completion of `text` (all of the line before the cursor): whole-line candidates, each of which
 * starts with `text`; best first. Calls back once for each; fn may be NULL. Returns how many. For
 * an empty text they are the next steps: Tab writes the first, Tab again the second. */
typedef void complete_fn(void *ctx, const char *whole_line, const char *shown);
unsigned console_complete(const struct console *c, const char *text, complete_fn *fn, void *ctx);
/* The faint rest of the likely line, to be shown after the cursor; "" when there is none. */
void console_suggest(const struct console *c, const char *text, char out[160]);
/* May this line go into the history? Never secrets, nor lines of a letter. */
bool console_may_remember(const struct console *c, struct span line);

/* The faults of the lab's server as a panel: rows to choose from, those that are there and behind
 * them ready-made ones. */
unsigned console_fault_rows(const struct console *c); /* 0: there is no server of ours */
/* Appends the panel; on which line of it `row` begins. */
unsigned console_fault_panel(const struct console *c, unsigned row, bool ascii, struct styled *out);
/* Switches the fault of that row on or off, or adds the ready-made one; returns its row now. */
unsigned console_fault_choose(struct console *c, unsigned row);
void console_fault_remove(struct console *c, unsigned row); /* a ready-made one: nothing happens */

/* The same of any server of ours, without keys; `command`: what people type to change it. */
void console_fault_list(struct server *s, const char *command, bool offers, struct styled *out);

/* Scripts: plays the text (taken over: freed with mem_free). Ends through hooks.say and, when
 * `then_quit`, hooks.quit with the status. */
void console_play(struct console *c, char *script, size_t len, bool timed, bool then_quit);
bool console_playing(const struct console *c);

/* How explanations are worded now: /level and /sources change it. */
const struct notes_style *console_notes(const struct console *c);

/* Saves the dialogues as a script. False: err. */
bool console_save(struct console *c, const char *path, struct error *err);
/* From now on, and what is there already, is written to the file as it happens. */
bool console_record_to(struct console *c, const char *path, struct error *err);

/* The status to exit with when the person leaves now (0, or 3 when no connection was ever made
 * ...). */
int console_status(const struct console *c);

#endif

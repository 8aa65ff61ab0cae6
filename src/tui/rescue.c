/*
 * What the handler writes is made up beforehand: it may call nothing that is not safe in a signal
 * (signal-safety(7)). It then lets the signal end the program as it would have.
 */
#ifndef _DEFAULT_SOURCE
#define _DEFAULT_SOURCE /* sigaltstack */
#endif
#include "tui/rescue.h"

#include <signal.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "base/mem.h"

/* Faults of the program, those from outside that dump a core (Ctrl-\ in plain mode), and the
 * person's own. */
static const int endings[] = { SIGSEGV, SIGABRT, SIGBUS,  SIGFPE,  SIGILL,  SIGSYS,
                               SIGTRAP, SIGQUIT, SIGXCPU, SIGUSR1, SIGUSR2, SIGALRM };
#define ENDINGS (sizeof(endings) / sizeof(endings[0]))

/* One for the process, as the terminal is. */
static struct {
    volatile sig_atomic_t open;
    struct termios before;
    char octets[RESCUE_MAX];
    size_t len;
    struct sigaction old[ENDINGS];
    void *stack;
} rescue;

static void on_ending(int number)
{
    if (rescue.open) {
        ssize_t n = write(STDOUT_FILENO, rescue.octets, rescue.len);

        (void)n;
        tcsetattr(STDIN_FILENO, TCSANOW, &rescue.before);
        rescue.open = 0;
    }
    for (size_t i = 0; i < ENDINGS; i++)
        if (endings[i] == number)
            sigaction(number, &rescue.old[i], NULL);
    raise(number); /* delivered when this returns */
}

bool rescue_settings(void)
{
    return tcgetattr(STDIN_FILENO, &rescue.before) == 0;
}

void rescue_start(struct span octets)
{
    struct sigaction catcher = { .sa_handler = on_ending, .sa_flags = SA_ONSTACK };
    stack_t stack = { .ss_size = (size_t)64 * 1024 };

    rescue.len = octets.len <= RESCUE_MAX ? octets.len : 0;
    memcpy(rescue.octets, octets.at, rescue.len);
    rescue.open = 1;
    /* A stack of its own, as the program's may be what ran out. */
    stack.ss_sp = rescue.stack = mem_alloc(stack.ss_size);
    sigaltstack(&stack, NULL);
    sigemptyset(&catcher.sa_mask);
    for (size_t i = 0; i < ENDINGS; i++) {
        sigaction(endings[i], &catcher, &rescue.old[i]);
        if (rescue.old[i].sa_handler == SIG_IGN) /* as nohup and background jobs have it */
            sigaction(endings[i], &rescue.old[i], NULL);
    }
}

void rescue_stop(void)
{
    stack_t none = { .ss_flags = SS_DISABLE };

    if (!rescue.stack)
        return;
    rescue.open = 0;
    for (size_t i = 0; i < ENDINGS; i++)
        sigaction(endings[i], &rescue.old[i], NULL);
    sigaltstack(&none, NULL);
    mem_free(rescue.stack);
    rescue.stack = NULL;
}

void rescue_now(void)
{
    tcsetattr(STDIN_FILENO, TCSANOW, &rescue.before);
}

void rescue_lost(void)
{
    rescue.open = 0;
}

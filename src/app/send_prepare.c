#include <stdio.h>
#include <unistd.h>

#include "app/compose.h"
#include "app/file.h"
#include "app/place.h"
#include "app/secret.h"
#include "app/send_inner.h"
#include "app/terminal.h"
#include "base/mem.h"

static bool wrong(const char *text)
{
    terminal_complain(text);
    return false;
}

/* An address of the envelope: whatever a test wants to send, but nothing that could end its path or
 * its line. */
static bool is_address(struct span address)
{
    for (size_t i = 0; i < address.len; i++)
        if (ascii_is_control(address.at[i]) || address.at[i] == '<' || address.at[i] == '>')
            return false;
    return address.len > 0;
}

static bool add_recipients(struct sending *s, const struct option_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        struct span rest = span_of(list->at[i]);

        while (rest.len) {
            struct span one = span_trim(span_cut(rest, ',', &rest));

            if (!is_address(one))
                return wrong("--to and --cc need addresses, as in bob@example.org, a comma between "
                             "two");
            if (s->to_count == SEND_RECIPIENTS_MAX)
                return wrong("these are more recipients than one letter may have (1000)");
            s->to = mem_resize(s->to, s->to_count + 1, sizeof *s->to);
            s->to[s->to_count++] = mem_strndup((const char *)one.at, one.len);
        }
    }
    return true;
}

static bool check_words(const struct options *o)
{
    const struct send_options *send = &o->send;

    if (!send->from)
        return wrong("--from is missing: who sends the letter? ('' is the null reverse-path)");
    if (send->from[0] && !is_address(span_of(send->from)))
        return wrong("--from needs one address, as in alice@example.org");
    if (!send->to.count)
        return wrong("--to is missing: who gets the letter?");
    if (send->file && send->body)
        return wrong("--file and --body exclude each other");
    if (send->file && (send->subject || send->headers.count))
        return wrong("--file is sent as it is: --subject and --header go with --body");
    if (!o->word_count && !o->mx)
        return wrong("send needs HOST, or --mx for the mail servers of the recipients' domains");
    if (o->password_file && !o->auth)
        return wrong("--password-file needs --auth USER");
    return true;
}

/* The first line is "Name: ...", so this is a letter with its header. */
static bool begins_with_field(struct span text)
{
    size_t colon = span_find(text, ':');

    for (size_t i = 0; i < colon; i++)
        if (i == text.len || text.at[i] <= ' ' || text.at[i] > '~')
            return false;
    return colon > 0 && colon < text.len;
}

static bool compose(struct sending *s, struct span body)
{
    const struct send_options *o = &s->options->send;
    struct compose c = { .from = o->from,
                         .to = &o->to,
                         .cc = &o->cc,
                         .headers = &o->headers,
                         .subject = o->subject,
                         .host = s->name,
                         .body = body,
                         .wall = loop_wall(),
                         .number = (uint64_t)getpid() };
    struct error err;

    return compose_letter(&c, &s->letter, &err) || wrong(err.text);
}

static bool read_letter(struct sending *s)
{
    const struct send_options *o = &s->options->send;
    struct buf text = { 0 };
    struct error err;
    bool good;

    if (o->body)
        return compose(s, span_of(o->body));
    if (!o->file && isatty(STDIN_FILENO))
        terminal_complain("type the letter, then Ctrl-D on a line of its own");
    good = file_read_all(o->file ? o->file : "-", SEND_LETTER_MAX, &text, &err) || wrong(err.text);
    if (good && !o->file && !begins_with_field(buf_span(&text))) {
        good = compose(s, buf_span(&text));
        buf_release(&text);
        return good;
    }
    s->letter = text;
    if (good && !o->file && (o->subject || o->headers.count))
        return wrong("the letter has a header of its own: --subject and --header go with a text");
    return good;
}

static bool read_secret(struct sending *s)
{
    const struct options *o = s->options;
    struct error err;

    if (!secret_read(o->password_file, &s->secret, &err))
        return wrong(err.text);
    if (!o->auth || s->secret.len || secret_ask(o->auth, &s->secret))
        return true;
    return wrong("there is no password: SMTPSCOPE_PASSWORD in the environment, or --password-file "
                 "FILE");
}

static struct job *add_job(struct sending *s)
{
    s->jobs = mem_resize(s->jobs, s->job_count + 1, sizeof *s->jobs);
    s->jobs[s->job_count] = (struct job){ 0 };
    return &s->jobs[s->job_count++];
}

static void add_to(struct job *j, const char *to)
{
    j->to = mem_resize(j->to, j->to_count + 1, sizeof *j->to);
    j->to[j->to_count++] = to;
}

static struct job *job_of(struct sending *s, const char *domain)
{
    for (size_t i = 0; i < s->job_count; i++)
        if (span_eq_nocase(span_of(s->jobs[i].host), span_of(domain)))
            return &s->jobs[i];
    return NULL;
}

/* The recipients of each domain go to that domain's servers. */
static bool jobs_by_domain(struct sending *s)
{
    for (size_t i = 0; i < s->to_count; i++) {
        const char *at = strrchr(s->to[i], '@');
        struct job *j;

        if (!at || !at[1] || at[1] == '[')
            return wrong("--mx without a host needs recipients with a domain, as bob@example.org");
        j = job_of(s, at + 1);
        if (!j) {
            j = add_job(s);
            j->host = mem_strdup(at + 1);
            j->port = PLACE_PORT;
        }
        add_to(j, s->to[i]);
    }
    return true;
}

static bool make_jobs(struct sending *s)
{
    const struct options *o = s->options;
    struct place place;
    struct error err;
    struct job *j;

    if (!o->word_count)
        return jobs_by_domain(s);
    if (!place_read(o->words, o->word_count, place_port(o->tls, o->lmtp), &place, &err) ||
        (o->mx && !place_is_domain(&place, &err)))
        return wrong(err.text);
    j = add_job(s);
    j->host = mem_strdup(place.host);
    j->port = place.port;
    for (size_t i = 0; i < s->to_count; i++)
        add_to(j, s->to[i]);
    return true;
}

bool send_prepare(struct sending *s)
{
    const struct options *o = s->options;

    return check_words(o) && add_recipients(s, &o->send.to) && add_recipients(s, &o->send.cc) &&
           make_jobs(s) && read_letter(s) && read_secret(s);
}

void send_release(struct sending *s)
{
    for (size_t i = 0; i < s->job_count; i++) {
        route_free(s->jobs[i].route);
        mem_free(s->jobs[i].host);
        mem_free(s->jobs[i].to);
    }
    mem_free(s->jobs);
    for (size_t i = 0; i < s->to_count; i++)
        mem_free(s->to[i]);
    mem_free(s->to);
    secret_release(&s->secret);
    buf_release(&s->letter);
}

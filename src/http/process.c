#include "http/process.h"

#include "base/str.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { WORDS = 32, OUT = 0, ERR = 1, PROGRESS = 2, PIPES = 3, TICK_MS = 100, ERR_MOST = 1 << 20 };

typedef struct {
    int read[PIPES], write[PIPES];
    vrk_str text[PIPES];
} pipes;

static void close_one(int *fd)
{
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

/* After the fork: only calls that are safe there. */
static void become(const pipes *p, char *const *argv, char *const *env, pid_t parent)
{
    static const int to[PIPES] = {STDOUT_FILENO, STDERR_FILENO, 3};
    sigset_t none;
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (getppid() != parent)
        _exit(127);
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    signal(SIGPIPE, SIG_DFL);
    signal(SIGINT, SIG_IGN); /* Ctrl-C at the terminal is the server's, which then ends this */
    int null = open("/dev/null", O_RDONLY);
    if (null < 0 || dup2(null, STDIN_FILENO) < 0)
        _exit(127);
    for (int i = 0; i < PIPES; i++) { /* the pipes' own numbers are above 3 */
        if (dup2(p->write[i], to[i]) < 0)
            _exit(127);
    }
    execve("/proc/self/exe", argv, env);
    _exit(127);
}

static vrk_status open_pipes(vrk_ctx *ctx, pipes *p)
{
    for (int i = 0; i < PIPES; i++) {
        int end[2];
        if (pipe2(end, O_CLOEXEC) != 0)
            return vrk_fail(ctx, VRK_EIO, "could not start the work: %s",
                            vrk_said(ctx, strerror(errno)));
        p->read[i] = fcntl(end[0], F_DUPFD_CLOEXEC, 10);
        p->write[i] = fcntl(end[1], F_DUPFD_CLOEXEC, 10);
        close(end[0]);
        close(end[1]);
        if (p->read[i] < 0 || p->write[i] < 0)
            return vrk_fail(ctx, VRK_EIO, "could not start the work: %s",
                            vrk_said(ctx, strerror(errno)));
        fcntl(p->read[i], F_SETFL, O_NONBLOCK);
    }
    return VRK_OK;
}

/* Takes what is there; closes the pipe at its end. False: more than is meant. */
static bool take(pipes *p, int i, size_t most)
{
    char part[16 << 10];
    ssize_t n = read(p->read[i], part, sizeof(part));
    if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR))
        close_one(&p->read[i]);
    if (n <= 0)
        return true;
    if (p->text[i].n + (size_t)n > most)
        return false;
    vrk_str_add_n(&p->text[i], part, (size_t)n);
    return true;
}

/* "0.42 what" lines: the last whole one is told. */
static int tell(pipes *p, int (*progress)(void *, double, const char *), void *arg)
{
    vrk_str *s = &p->text[PROGRESS];
    char *end = s->n ? strrchr(s->at, '\n') : NULL;
    if (!end)
        return progress(arg, 0, NULL);
    *end = 0;
    char *line = strrchr(s->at, '\n'), *what = NULL;
    line = line ? line + 1 : s->at;
    double done = strtod(line, &what);
    int stop = progress(arg, done, what + strspn(what, " "));
    s->n = strlen(end + 1);
    memmove(s->at, end + 1, s->n + 1);
    return stop;
}

/* The environment, and where to tell progress (cli/progress.c). */
static char *const *with_progress(vrk_arena *mem)
{
    int64_t n = 0;
    while (environ[n])
        n++;
    char **env = VRK_NEW(mem, n + 2, char *);
    if (env) {
        memcpy(env, environ, (size_t)n * sizeof(*env));
        env[n] = (char *)(intptr_t) "VERKAN_PROGRESS=3";
    }
    return env;
}

/* Reads until all is closed. */
static void follow(pipes *p, pid_t child, size_t most,
                   int (*progress)(void *, double, const char *), void *arg)
{
    bool told = false;
    while (p->read[OUT] >= 0 || p->read[ERR] >= 0) {
        struct pollfd ready[PIPES];
        for (int i = 0; i < PIPES; i++)
            ready[i] = (struct pollfd){.fd = p->read[i], .events = POLLIN};
        poll(ready, PIPES, TICK_MS);
        bool over = false;
        for (int i = 0; i < PIPES; i++) {
            if (ready[i].fd >= 0 && ready[i].revents)
                over |= !take(p, i, i == OUT ? most : ERR_MOST);
        }
        if ((tell(p, progress, arg) || over) && !told) {
            kill(child, over ? SIGKILL : SIGTERM);
            told = true;
        }
        if (over)
            break;
    }
}

/* The last line of its standard error, without the name of the program. */
static const char *last_line(vrk_str *s)
{
    static const char name[] = "verkan: ";
    while (s->n && s->at[s->n - 1] == '\n')
        s->at[--s->n] = 0;
    const char *text = vrk_str_of(s), *line = strrchr(text, '\n');
    line = line ? line + 1 : text;
    return strncmp(line, name, sizeof(name) - 1) != 0 ? line : line + sizeof(name) - 1;
}

vrk_status vrk_process_run(vrk_ctx *ctx, const char *const *word, int n, size_t most,
                           int (*progress)(void *arg, double done, const char *what), void *arg,
                           vrk_arena *mem, vrk_ended *out)
{
    vrk_status st = VRK_OK;
    pipes p = {{-1, -1, -1}, {-1, -1, -1}, {{.mem = mem}, {.mem = mem}, {.mem = mem}}};
    char *argv[WORDS + 2] = {(char *)(intptr_t) "verkan"};
    int status = 0;
    pid_t child = -1, self = getpid();

    for (int i = 0; i < n && i < WORDS; i++)
        argv[i + 1] = (char *)(intptr_t)word[i];
    TRY(open_pipes(ctx, &p));
    char *const *env = with_progress(mem);
    if (!env)
        FAIL(VRK_EMEMORY, "out of memory to start the work");
    child = fork();
    if (child == 0)
        become(&p, argv, env, self);
    if (child < 0)
        FAIL(VRK_EIO, "could not start the work: %s", vrk_said(ctx, strerror(errno)));
    for (int i = 0; i < PIPES; i++)
        close_one(&p.write[i]);
    follow(&p, child, most, progress, arg);
    while (waitpid(child, &status, 0) < 0 && errno == EINTR)
        ;
    if (mem->failed)
        FAIL(VRK_EMEMORY, "out of memory for what the work said");
    *out = (vrk_ended){.code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status),
                       .out = vrk_str_of(&p.text[OUT]),
                       .err = last_line(&p.text[ERR])};
done:
    for (int i = 0; i < PIPES; i++) {
        close_one(&p.read[i]);
        close_one(&p.write[i]);
    }
    return st;
}

/* run_commands COMMAND... - runs shell commands at the same time and prints what each wrote and how
 * it ended, in the order in which they were given.
 *
 * Waiting for a command is blocking work: a task that blocks would take a core away from the tasks
 * that compute. par_thread_* starts threads of the operating system with the same safety that
 * tasks have: they may borrow from the function that opened the scope, and its end waits for all
 * of them. Starting a thread can fail, so it returns a status; the result of the body comes back
 * through par_thread_join. */
#define _POSIX_C_SOURCE 200809L
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include <par/par.h>

enum { NOT_STARTED = -1 };

typedef struct command_t {
    const char *line;
    par_thread_t *thread; /* NULL: the system refused one */
    char *output;
    size_t n_output; /* bytes */
    int error;       /* errno, when the output is not complete */
} command_t;

static void output_read(command_t *command, FILE *pipe)
{
    size_t room = 0;
    do {
        room = room == 0 ? 4096 : 2 * room;
        char *larger = realloc(command->output, room);
        if (larger == NULL) {
            command->error = ENOMEM;
            return;
        }
        command->output = larger;
        command->n_output +=
            fread(command->output + command->n_output, 1, room - command->n_output, pipe);
    } while (command->n_output == room);
    if (ferror(pipe)) command->error = errno;
}

/* The body of a thread; returns how the command ended, as a shell counts it. */
static int command_run(void *ctx)
{
    command_t *command = ctx;
    FILE *pipe = popen(command->line, "r");
    if (pipe == NULL) {
        command->error = errno;
        return NOT_STARTED;
    }
    output_read(command, pipe);
    int status = pclose(pipe);
    if (status == -1) return NOT_STARTED;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static int command_report(const command_t *command, int result)
{
    printf("== %s\n", command->line);
    if (command->n_output > 0) fwrite(command->output, 1, command->n_output, stdout);
    if (command->error != 0) printf("== failed: %s\n", strerror(command->error));
    if (result > 0) printf("== ended with %d\n", result);
    return result == 0 && command->error == 0 ? 0 : 1;
}

static int commands_run(command_t *commands, int n)
{
    int n_failed = 0;
    PAR_THREAD_SCOPE (scope) {
        for (int i = 0; i < n; i++) {
            par_thread_options_t options = PAR_THREAD_OPTIONS_INIT;
            options.name = "command";
            options.stack_bytes = 256 << 10;
            par_status_t status =
                par_thread_spawn(&scope, &commands[i].thread, command_run, &commands[i], &options);
            if (status != PAR_OK)
                fprintf(stderr, "run_commands: no thread for \"%s\": %s\n", commands[i].line,
                        par_strerror(status));
        }
        for (int i = 0; i < n; i++) {
            int result = NOT_STARTED;
            if (commands[i].thread != NULL) par_thread_join(commands[i].thread, &result);
            n_failed += command_report(&commands[i], result);
        }
    }
    return n_failed;
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        fputs("usage: run_commands COMMAND...   (each one argument: 'sleep 1; date')\n", stderr);
        return 1;
    }
    int n = argc - 1, n_failed = n;
    command_t *commands = calloc((size_t)n, sizeof *commands);
    if (commands != NULL) {
        for (int i = 0; i < n; i++)
            commands[i].line = argv[i + 1];
        n_failed = commands_run(commands, n);
        for (int i = 0; i < n; i++)
            free(commands[i].output);
    } else {
        perror("run_commands");
    }
    free(commands);
    return n_failed == 0 ? 0 : 1;
}

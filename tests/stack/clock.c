/* A wall clock that is wrong by the seconds written in the file CLOCK: cc -shared -fPIC -o clock.so clock.c -ldl
   libfaketime moves the steady clock along with it, and with that every pause of Python's fails. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static long long wrong_by(void) {
    char text[32] = "";
    int file = open(getenv("CLOCK"), O_RDONLY | O_CLOEXEC);
    if (file < 0) return 0;
    ssize_t read_bytes = read(file, text, sizeof text - 1);
    close(file);
    return read_bytes > 0 ? atoll(text) : 0;
}

int clock_gettime(clockid_t which, struct timespec *now) {
    static int (*real)(clockid_t, struct timespec *);
    if (!real) real = dlsym(RTLD_NEXT, "clock_gettime");
    int failed = real(which, now);
    if (!failed && which == CLOCK_REALTIME) now->tv_sec += wrong_by();
    return failed;
}

using System.Diagnostics;

namespace Gain.Tests.Cli;

/// <summary>
/// A launcher that takes from a program what containers and limits take: io_uring by a seccomp filter, as
/// Docker's and containerd's default profiles do, memory that may be locked, and root's privileges.
/// </summary>
internal static class RestrictedMachine
{
    private const int NotReadable = 77;
    private const int NoFilter = 78;

    private const string Source = """
        #define _GNU_SOURCE
        #include <errno.h>
        #include <grp.h>
        #include <linux/filter.h>
        #include <linux/seccomp.h>
        #include <stddef.h>
        #include <stdio.h>
        #include <stdlib.h>
        #include <sys/prctl.h>
        #include <sys/resource.h>
        #include <unistd.h>

        // restrict ERRNO MEMLOCK_BYTES READS PROGRAM ARGUMENTS: 0 and -1 leave that as it is.
        int main(int count, char **words) {
            if (count < 5) return 2;
            int error = atoi(words[1]);
            long memlock = atol(words[2]);
            if (memlock >= 0) {
                struct rlimit limit = { memlock, memlock };
                if (setrlimit(RLIMIT_MEMLOCK, &limit)) { perror("setrlimit"); return 2; }
                if (geteuid() == 0 && (setgroups(0, NULL) || setgid(65534) || setuid(65534))) {
                    perror("setuid");
                    return 2;
                }
            }
            if (access(words[3], R_OK)) { perror(words[3]); return 77; }
            if (error) {
                struct sock_filter code[] = {
                    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
                    BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 425, 0, 2),
                    BPF_JUMP(BPF_JMP | BPF_JGT | BPF_K, 427, 1, 0),
                    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | error),
                    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
                };
                struct sock_fprog program = { sizeof code / sizeof *code, code };
                if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
                    || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program)) {
                    perror("seccomp");
                    return 78;
                }
            }
            execvp(words[4], words + 4);
            perror(words[4]);
            return 77;
        }
        """;

    private static readonly Lazy<string?> s_launcher = new(Compile);

    /// <summary>The launcher's words for a filter that fails io_uring's system calls.</summary>
    public static string Filter(int errno, string reads) => Launcher($"{errno} -1 \"{reads}\"");

    /// <summary>The launcher's words for an unprivileged user with a memlock limit.</summary>
    public static string Memlock(long bytes, string reads) => Launcher($"0 {bytes} \"{reads}\"");

    /// <summary>Ignores the test when the launcher could not do its part.</summary>
    public static void IgnoreIfImpossible(int exitCode, string errors)
    {
        switch (exitCode)
        {
            case NotReadable:
                Assert.Ignore($"the user nobody cannot run the build: {errors}");
                break;
            case NoFilter:
                Assert.Ignore($"this machine has no seccomp filters: {errors}");
                break;
        }
    }

    private static string Launcher(string arguments)
    {
        if (s_launcher.Value is null)
        {
            Assert.Ignore("no C compiler on PATH");
        }

        return $"\"{s_launcher.Value}\" {arguments} ";
    }

    private static string? Compile()
    {
        // World-readable, unlike a directory that CreateTempSubdirectory makes.
        string directory = Path.Combine(AppContext.BaseDirectory, "launcher");
        Directory.CreateDirectory(directory);
        string file = Path.Combine(directory, "restrict.c");
        string program = Path.Combine(directory, "restrict");
        File.WriteAllText(file, Source);
        try
        {
            using Process compiler = Process.Start("cc", ["-O1", "-o", program, file]);
            compiler.WaitForExit();
            Assert.That(compiler.ExitCode, Is.Zero, "the launcher does not compile");
            return program;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}

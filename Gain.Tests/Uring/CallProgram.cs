using System.Runtime.InteropServices;
using System.Text;
using Gain.Kernel;

namespace Gain.Tests.Uring;

/// <summary>Runs a program by the system calls of the same names.</summary>
internal sealed unsafe class CallProgram : IDisposable
{
    internal const int RemoveDirectory = 0x200;
    internal const int NoFollow = 0x100;
    private const int All = 0x1FF;
    private readonly int _directory;
    private readonly int _file;

    internal CallProgram(string root)
    {
        _directory = Checked(openat(-100, Text(root), 0x80000, 0));
        _file = Checked(openat(_directory, Text("n0"), 0x80000 | Libc.O_RDWR | Libc.O_CREAT, All));
        Assert.That(Math.Min(_directory, _file), Is.Positive);
    }

    public void Dispose() => Assert.That(Libc.Close(_file) + Libc.Close(_directory), Is.Zero);

    internal string[] Run(Step[] steps) => [.. steps.Select(Run)];

    private string Run(Step step)
    {
        byte[] first = Text(Step.Name(step.First));
        byte[] second = Text(Step.Name(step.Second));
        byte[] data = step.Data();
        nint result;
        switch (step.Kind)
        {
            case StepKind.Write:
                result = Checked(pwrite(_file, data, data.Length, step.Offset));
                break;
            case StepKind.Read:
                result = Checked(pread(_file, data, data.Length, step.Offset));
                return result > 0
                    ? $"{result} {Convert.ToHexString(data.AsSpan(0, (int)result))}"
                    : $"{result}";
            case StepKind.Truncate: result = Checked(ftruncate(_file, step.Length)); break;
            case StepKind.Allocate: result = Checked(fallocate(_file, 0, step.Offset, step.Length)); break;
            case StepKind.Sync: result = Checked(fdatasync(_file)); break;
            case StepKind.MakeDirectory:
                result = Checked(mkdirat(_directory, step.First == 3 ? Text("d") : first, All));
                break;
            case StepKind.Rename: result = Checked(renameat(_directory, first, _directory, second)); break;
            case StepKind.Link: result = Checked(linkat(_directory, first, _directory, second, 0)); break;
            case StepKind.SymbolicLink: result = Checked(symlinkat(first, _directory, second)); break;
            case StepKind.Unlink: result = Checked(unlinkat(_directory, first, 0)); break;
            case StepKind.Remove: result = Checked(unlinkat(_directory, first, RemoveDirectory)); break;
            default: return Status(first);
        }

        return $"{result}";
    }

    private string Status(byte[] path)
    {
        statx status;
        fixed (byte* text = path)
        {
            int result = Libc.StatX(_directory, text, NoFollow, 0x7FF, &status);
            var told = (Gain.Uring.FileStatus*)&status;
            return result == 0 ? $"{told->SizeBytes} {told->LinkCount} {told->Mode}" : $"{result}";
        }
    }

    private static byte[] Text(string text) => Encoding.UTF8.GetBytes(text + "\0");

    private static int Checked(nint result) => result >= 0 ? (int)result : -Marshal.GetLastSystemError();

    [DllImport("libc", ExactSpelling = true)]
    private static extern int openat(int directory, byte[] path, int flags, int mode);

    [DllImport("libc", ExactSpelling = true)]
    private static extern nint pwrite(int fd, byte[] data, nint length, long offset);

    [DllImport("libc", ExactSpelling = true)]
    private static extern nint pread(int fd, byte[] data, nint length, long offset);

    [DllImport("libc", ExactSpelling = true)]
    private static extern int ftruncate(int fd, long length);

    [DllImport("libc", ExactSpelling = true)]
    private static extern int fallocate(int fd, int mode, long offset, long length);

    [DllImport("libc", ExactSpelling = true)]
    private static extern int fdatasync(int fd);

    [DllImport("libc", ExactSpelling = true)]
    private static extern int mkdirat(int directory, byte[] path, int mode);

    [DllImport("libc", ExactSpelling = true)]
    private static extern int renameat(int oldDirectory, byte[] oldPath, int newDirectory, byte[] newPath);

    [DllImport("libc", ExactSpelling = true)]
    private static extern int linkat(
        int oldDirectory, byte[] oldPath, int newDirectory, byte[] newPath, int flags);

    [DllImport("libc", ExactSpelling = true)]
    private static extern int symlinkat(byte[] target, int directory, byte[] path);

    [DllImport("libc", ExactSpelling = true)]
    private static extern int unlinkat(int directory, byte[] path, int flags);
}

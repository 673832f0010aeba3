using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace Gain.Tests;

/// <summary>Runs a test on a thread of its own, where the kernel refuses a system call.</summary>
internal static unsafe class FilteredThread
{
    private const int PR_SET_NO_NEW_PRIVS = 38;
    private const int PR_SET_SECCOMP = 22;
    private const nuint SECCOMP_MODE_FILTER = 2;
    private const uint SECCOMP_RET_ERRNO = 0x0005_0000;
    private const uint SECCOMP_RET_ALLOW = 0x7FFF_0000;
    private const uint GetEvents = 1;

    // Of struct seccomp_data: the call's number, and the lower halves of its second and fourth arguments.
    private const uint NumberOffset = 0;
    private const uint SecondOffset = 16 + 8;
    private const uint FourthOffset = 16 + (3 * 8);

    private const ushort LoadWord = 0x20;
    private const ushort JumpIfEqual = 0x15;
    private const ushort JumpIfSet = 0x45;
    private const ushort Return = 0x06;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    /// <summary>Fails when the test does, or does not end.</summary>
    /// <param name="call">The call that is refused.</param>
    /// <param name="error">The error that it fails with.</param>
    /// <param name="test">The test.</param>
    /// <param name="mappedBytes">Of <see cref="FilteredCall.MMap"/>: the length that is refused.</param>
    public static void Run(FilteredCall call, int error, Action test, int mappedBytes = 0)
    {
        uint number = NumberOf(call);
        int refused = 0;
        ExceptionDispatchInfo? failure = null;

        // A filter stays for as long as its thread.
        var thread = new Thread(() =>
        {
            refused = call == FilteredCall.MMap
                ? TryFilter(
                    number,
                    new(LoadWord, 0, 0, SecondOffset),
                    new(JumpIfEqual, 0, 1, (uint)mappedBytes),
                    error)
                : TryFilter(
                    number,
                    new(LoadWord, 0, 0, FourthOffset),
                    new(JumpIfSet, 1, 0, call == FilteredCall.IoUringEnter ? GetEvents : 0),
                    error);
            try
            {
                if (refused == 0)
                {
                    test();
                }
            }
            catch (Exception thrown)
            {
                failure = ExceptionDispatchInfo.Capture(thrown);
            }
        })
        {
            IsBackground = true,
        };
        thread.Start();
        Assert.That(thread.Join(s_patience), $"it goes on for ever where {call} fails");
        if (refused != 0)
        {
            Assert.Ignore($"this machine has no seccomp filters: error {refused}");
        }

        failure?.Throw();
    }

    private static uint NumberOf(FilteredCall call)
    {
        (uint X64, uint Arm64) numbers = call switch
        {
            FilteredCall.IoUringEnter => (426, 426),
            FilteredCall.Socket => (41, 198),
            FilteredCall.Bind => (49, 200),
            FilteredCall.Listen => (50, 201),
            FilteredCall.SetSockOpt => (54, 208),
            FilteredCall.Fcntl => (72, 25),
            FilteredCall.EventFd => (290, 19),
            FilteredCall.EpollCreate => (291, 20),
            FilteredCall.EpollControl => (233, 21),
            FilteredCall.Unlink => (87, 35),
            FilteredCall.MMap => (9, 222),
            _ => throw new ArgumentOutOfRangeException(nameof(call), call, "it has no number"),
        };
        switch (RuntimeInformation.ProcessArchitecture)
        {
            case Architecture.X64:
                return numbers.X64;
            case Architecture.Arm64:
                return numbers.Arm64;
            default:
                Assert.Ignore(
                    $"the number of {call} on {RuntimeInformation.ProcessArchitecture} is not known");
                return 0;
        }
    }

    // Of the call, what the jump does not lead past the refusal fails.
    private static int TryFilter(uint call, Instruction load, Instruction jump, int error)
    {
        Span<Instruction> code =
        [
            new(LoadWord, 0, 0, NumberOffset),
            new(JumpIfEqual, 0, 3, call),
            load,
            jump,
            new(Return, 0, 0, SECCOMP_RET_ERRNO | (uint)error),
            new(Return, 0, 0, SECCOMP_RET_ALLOW),
        ];
        fixed (Instruction* instructions = code)
        {
            var program = new FilterProgram((ushort)code.Length, instructions);
            bool isDone = SetProcess(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0
                && SetProcess(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, (nuint)(&program), 0, 0) == 0;
            return isDone ? 0 : Marshal.GetLastPInvokeError();
        }
    }

    [DllImport("libc", EntryPoint = "prctl", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetProcess(int option, nuint first, nuint second, nuint third, nuint fourth);

    /// <summary>struct sock_filter.</summary>
    private readonly record struct Instruction(ushort Code, byte IfTrue, byte IfFalse, uint Operand);

    /// <summary>struct sock_fprog.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private readonly struct FilterProgram(ushort length, Instruction* instructions)
    {
        public readonly ushort Length = length;
        public readonly Instruction* Instructions = instructions;
    }
}

using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Gain.Kernel;

/// <summary>
/// The three system calls of io_uring. Each returns its result, or the negated errno. What else of libc a
/// server needs is in a class of its own that has these as well.
/// </summary>
/// <remarks>
/// No libc wraps them, so they go through <c>syscall(2)</c>, a variadic function that is imported here with
/// fixed signatures. That is sound on x64 and arm64 Linux, whose calling conventions pass variadic integers
/// and pointers as fixed ones; each argument is as wide as a register. The imports are blittable and
/// GC-preemptive: <c>io_uring_enter</c> blocks, and with <c>SuppressGCTransition</c> it would hold up every
/// collection for as long.
/// <para>
/// errno is read with <see cref="Marshal.GetLastSystemError"/> right after a result of -1, and only then.
/// This is what the code generated for <c>SetLastError = true</c> does, less the store of zero before each
/// call. Nothing of ours runs in between, and what the runtime may run there (joining a collection on the
/// way back, a signal handler that suspends the thread, the binding of a call at its first use) saves and
/// restores errno, in CoreCLR and in NativeAOT.
/// </para>
/// </remarks>
internal abstract unsafe partial class RingLibc
{
    // The numbers are the same on every architecture that took them after the tables were unified in 5.1.
    private const nint IoUringSetupNumber = 425;
    private const nint IoUringEnterNumber = 426;
    private const nint IoUringRegisterNumber = 427;

    /// <summary>io_uring_setup(2): a descriptor.</summary>
    // SAFETY: `parameters` is the caller's; the kernel reads and writes it during the call only.
    internal static int IoUringSetup(uint entries, io_uring_params* parameters)
    {
        nint result = syscall(IoUringSetupNumber, entries, parameters);
        return result >= 0 ? (int)result : -Marshal.GetLastSystemError();
    }

    /// <summary>io_uring_enter(2): the number of SQEs that the kernel took.</summary>
    // SAFETY: the argument is the caller's; the kernel reads it during the call only. What the SQEs point at
    // is the business of the code that prepared them.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static int IoUringEnter(
        int ring, uint toSubmit, uint minComplete, uint flags, void* argument, nuint argumentBytes)
    {
        nint result = syscall(
            IoUringEnterNumber, ring, toSubmit, minComplete, flags, argument, argumentBytes);
        return result >= 0 ? (int)result : -Marshal.GetLastSystemError();
    }

    /// <summary>io_uring_register(2); what it returns depends on the operation.</summary>
    // SAFETY: the argument is the caller's for the call; memory that it names and that stays registered is
    // the caller's to keep until it is unregistered.
    internal static int IoUringRegister(int ring, uint operation, void* argument, uint count)
    {
        nint result = syscall(IoUringRegisterNumber, ring, operation, argument, count);
        return result >= 0 ? (int)result : -Marshal.GetLastSystemError();
    }

    [DllImport("libc", ExactSpelling = true)]
    private static extern nint syscall(nint number, nuint entries, io_uring_params* parameters);

    [DllImport("libc", ExactSpelling = true)]
    private static extern nint syscall(
        nint number, nint ring, nuint toSubmit, nuint minComplete, nuint flags, void* argument,
        nuint argumentBytes);

    [DllImport("libc", ExactSpelling = true)]
    private static extern nint syscall(nint number, nint ring, nuint operation, void* argument, nuint count);
}

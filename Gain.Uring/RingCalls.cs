using Gain.Kernel;

namespace Gain.Uring;

/// <summary>
/// The three system calls of io_uring as they are, for what <see cref="Ring"/> does not do. Any thread; each
/// returns its result or the negated errno, and checks nothing.
/// </summary>
public static unsafe class RingCalls
{
    /// <summary>io_uring_setup(2).</summary>
    /// <param name="entries">Submission entries.</param>
    /// <param name="parameters">
    /// The <c>struct io_uring_params</c>, of 120 bytes; the kernel fills it in.
    /// </param>
    /// <returns>The ring's descriptor, or the negated errno.</returns>
    public static int Setup(uint entries, void* parameters) =>
        RingLibc.IoUringSetup(entries, (io_uring_params*)parameters);

    /// <summary>io_uring_enter(2), with signals to block: io_uring_enter, in liburing.h.</summary>
    /// <param name="ring">The ring's descriptor.</param>
    /// <param name="toSubmit">Entries to submit.</param>
    /// <param name="minComplete">Completions to wait for.</param>
    /// <param name="flags">IORING_ENTER_* flags.</param>
    /// <param name="signalMask">The <c>sigset_t</c> of 8 bytes; or null.</param>
    /// <returns>The entries that the kernel took, or the negated errno.</returns>
    public static int Enter(int ring, uint toSubmit, uint minComplete, uint flags, ulong* signalMask) =>
        RingLibc.IoUringEnter(ring, toSubmit, minComplete, flags, signalMask, sizeof(ulong));

    /// <summary>io_uring_enter(2), with any argument: io_uring_enter2, in liburing.h.</summary>
    /// <param name="ring">The ring's descriptor.</param>
    /// <param name="toSubmit">Entries to submit.</param>
    /// <param name="minComplete">Completions to wait for.</param>
    /// <param name="flags">IORING_ENTER_* flags.</param>
    /// <param name="argument">What the flags say that it is.</param>
    /// <param name="argumentBytes">Its size in bytes.</param>
    /// <returns>The entries that the kernel took, or the negated errno.</returns>
    public static int Enter2(
        int ring, uint toSubmit, uint minComplete, uint flags, void* argument, nuint argumentBytes) =>
        RingLibc.IoUringEnter(ring, toSubmit, minComplete, flags, argument, argumentBytes);

    /// <summary>io_uring_register(2).</summary>
    /// <param name="ring">The ring's descriptor; -1 for what needs none.</param>
    /// <param name="operation">What to register, an IORING_REGISTER_* number.</param>
    /// <param name="argument">Its argument, the caller's.</param>
    /// <param name="count">The number of arguments.</param>
    /// <returns>What the operation says, or the negated errno.</returns>
    public static int Register(int ring, uint operation, void* argument, uint count) =>
        RingLibc.IoUringRegister(ring, operation, argument, count);
}

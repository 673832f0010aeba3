using System.Diagnostics;
using System.Runtime.CompilerServices;
using Gain.Kernel;

namespace Gain.Uring;

/// <summary>
/// An io_uring: a queue of submissions to the kernel and a queue of completions from it, in memory that both
/// see. See io_uring(7).
/// </summary>
/// <remarks>
/// A ring belongs to the thread that made it: no member but <see cref="Descriptor"/> and the static ones may
/// be used on another. The members that enter the kernel check it and throw;
/// the others check it in debug builds only. Use a thread that lives as long as the ring: the kernel cancels
/// what a thread has in flight when it exits.
/// <para>
/// After it is made, a ring allocates no managed memory, except to register something.
/// </para>
/// <para>
/// There is no finaliser: a ring that is not disposed of leaks its mappings and its descriptor until the
/// process ends. One could run while the kernel still writes to memory of the operations in flight, and on a
/// thread that the kernel would refuse.
/// </para>
/// </remarks>
public sealed unsafe partial class Ring : IDisposable
{
    // The heads and tails count entries since the start and wrap as uint; a mask makes an index of them.
    //
    // SAFETY: all pointers lead into the mappings that this object made and that Dispose unmaps. Dispose
    // clears them, and the masks with them, so that a later use faults at address 0, which the runtime
    // turns into a NullReferenceException, and touches no memory.
    private io_uring_sqe* _sqes;
    private uint _sqMask;

    // The entries that TryGetEntry gives without a second look: all, but none of a ring whose entries have
    // 128 bytes.
    private uint _sqLimit;

    // Prepared up to here, and taken by the kernel up to there as of its last word. Only Enter moves the
    // kernel's head, so the copy is exact between two enters.
    private uint _sqTail;
    private uint _sqHead;

    // Null, as is the mask, on rings whose completions are not all of 16 bytes: those are taken in batches.
    private CompletionEntry* _cqes;
    private uint _cqMask;
    private uint _cqHead;
    private uint* _kernelCqTail;
    private uint* _kernelCqHead;

    private uint* _kernelSqHead;
    private uint* _kernelSqTail;
    private uint* _kernelSqFlags;
    private int _enterFd;
    private uint _enterFlags;
    private int _ownerThread;

    private uint* _kernelSqDropped;
    private uint* _kernelCqOverflow;
    private uint _cqEntries;
    private uint _sqEntries;
    private int _fd;
    private bool _isDisposed;

    /// <summary>
    /// The ring's descriptor: what other rings and <see cref="SendMessage"/> send messages to. It is closed
    /// by <see cref="Dispose"/> or <see cref="CloseDescriptor"/>; -1 from then on.
    /// </summary>
    public int Descriptor => _fd;

    /// <summary>How the ring runs: what was asked for, less what the kernel refused.</summary>
    public RingSetupFlags Flags { get; }

    /// <summary>What the kernel tells of itself.</summary>
    public RingFeatures Features { get; }

    /// <summary>Whether the thread's enters use the registered descriptor.</summary>
    public bool UsesRegisteredDescriptor => (_enterFlags & IORING_ENTER.IORING_ENTER_REGISTERED_RING) != 0;

    /// <summary>The size of the submission ring, in entries; a power of two.</summary>
    public uint SubmissionCapacity => _sqEntries;

    /// <summary>The size of the completion ring, in entries; a power of two.</summary>
    public uint CompletionCapacity => _cqEntries;

    /// <summary>
    /// The entries that were prepared and that the kernel has not taken yet. They stay after a
    /// <see cref="Submit"/> that was refused or cut short, and go with the next one.
    /// </summary>
    public uint Unsubmitted
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _sqTail - _sqHead;
    }

    /// <summary>
    /// The index of the next entry, below <see cref="SubmissionCapacity"/>. Memory that describes an
    /// operation (a <c>msghdr</c>, a <see cref="Timespec"/>) can be kept in an array by this index: the same
    /// index comes again only when the kernel has taken the entry that had it.
    /// </summary>
    public uint NextIndex
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _sqTail & _sqMask;
    }

    /// <summary>The completions that are there and not passed by <see cref="AdvanceCompletions"/>.</summary>
    public uint CompletionsReady
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            AssertOwner();

            // Acquire: pairs with the kernel's release store of the tail in io_commit_cqring, so that the
            // entries before the tail are seen as it wrote them.
            return Volatile.Read(ref *_kernelCqTail) - _cqHead;
        }
    }

    /// <summary>
    /// Whether completions wait in the kernel for room in the completion ring. Every submission or wait, and
    /// <see cref="GetEvents"/>, brings in as many as there is room for.
    /// </summary>
    public bool HasOverflow
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => (Volatile.Read(ref *_kernelSqFlags) & IORING_SQ.IORING_SQ_CQ_OVERFLOW) != 0;
    }

    /// <summary>
    /// Whether an enter would make completions; only with <see cref="RingSetupFlags.TaskRunFlag"/>.
    /// </summary>
    public bool TaskWorkPending =>
        (Volatile.Read(ref *_kernelSqFlags) & IORING_SQ.IORING_SQ_TASKRUN) != 0;

    /// <summary>How many enters found the completion ring overflown; it should be larger.</summary>
    public ulong Overflows { get; private set; }

    /// <summary>
    /// The completions that the kernel lost for want of memory (and before Linux 5.5 at every overflow),
    /// modulo 2³². Not 0: operations are in flight that never complete.
    /// </summary>
    public uint LostCompletions => Volatile.Read(ref *_kernelCqOverflow);

    /// <summary>The entries that the kernel dropped as invalid. Not 0: the ring is damaged.</summary>
    public uint DroppedSubmissions => Volatile.Read(ref *_kernelSqDropped);

    /// <summary>Takes the next entry of the submission ring, cleared.</summary>
    /// <param name="entry">The entry; to be prepared before the next submission.</param>
    /// <returns>False when the ring is full: submit, then try again.</returns>
    /// <exception cref="ObjectDisposedException">The ring was disposed of.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryGetEntry(out SubmissionEntry entry)
    {
        AssertOwner();
        uint tail = _sqTail;
        if (tail - _sqHead >= _sqLimit)
        {
            return TryGetEntrySlowly(out entry);
        }

        io_uring_sqe* sqe = _sqes + (tail & _sqMask);
        *sqe = default;
        _sqTail = tail + 1;
        entry = new SubmissionEntry(sqe);
        return true;
    }

    /// <summary>
    /// A completion, by value. On a ring with 32-byte completions or a mix it throws
    /// <see cref="NullReferenceException"/>: use <see cref="TakeCompletions"/>.
    /// </summary>
    /// <param name="offset">
    /// Its distance from the oldest one, below <see cref="CompletionsReady"/>; not checked.
    /// </param>
    /// <returns>The completion.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public CompletionEntry PeekCompletion(uint offset) => _cqes[(_cqHead + offset) & _cqMask];

    /// <summary>
    /// A completion, in the ring: valid until <see cref="AdvanceCompletions"/> passes it. Otherwise as
    /// <see cref="PeekCompletion"/>.
    /// </summary>
    /// <param name="offset">
    /// Its distance from the oldest one, below <see cref="CompletionsReady"/>; not checked.
    /// </param>
    /// <returns>The completion.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref readonly CompletionEntry CompletionAt(uint offset) => ref _cqes[(_cqHead + offset) & _cqMask];

    /// <summary>Gives the places of the oldest completions back to the kernel.</summary>
    /// <param name="count">Their number, at most <see cref="CompletionsReady"/>; not checked.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void AdvanceCompletions(uint count)
    {
        AssertOwner();
        Debug.Assert(count <= CompletionsReady, "More completions are given back than there are.");
        _cqHead += count;

        // Release: pairs with the kernel's acquire load of the head where it looks for room, so that it
        // does not write to an entry that is still being read here.
        Volatile.Write(ref *_kernelCqHead, _cqHead);
    }

    // Always on: about 2 ns, on the way to a system call of more than 200.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void CheckOwner()
    {
        if (Environment.CurrentManagedThreadId != _ownerThread)
        {
            ThrowNotOwner();
        }
    }

    private void ThrowNotOwner()
    {
        ThrowIfDisposed();
        throw new InvalidOperationException(
            $"A ring is used only on the thread that made it (managed thread {_ownerThread}), and this is "
            + $"managed thread {Environment.CurrentManagedThreadId}. Send it a message instead.");
    }

    private void ThrowIfDisposed() => ObjectDisposedException.ThrowIf(_isDisposed, this);

    [Conditional("DEBUG")]
    private void AssertOwner() => Debug.Assert(
        _isDisposed || Environment.CurrentManagedThreadId == _ownerThread,
        "The ring is used on another thread.");
}

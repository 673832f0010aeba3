using System.Diagnostics;
using System.Runtime.CompilerServices;
using Gain.Kernel;

namespace Gain.Uring;

/// <summary>
/// An io_uring: a queue of submissions to the kernel and a queue of completions from it, in memory that both
/// see. See io_uring(7).
/// </summary>
/// <remarks>
/// A ring belongs to the thread that made it, or that enabled it (<see cref="Enable"/>). Only <see
/// cref="Descriptor"/> and the static members can be used on another thread. The members check it and throw.
/// Those that are called for every operation (<see cref="TryGetEntry"/>, <see cref="CompletionAt"/>, an
/// entry's members) check it only in debug builds, but the submission that follows always does. Use a thread
/// that lives as long as the ring: when a thread exits, the kernel cancels its operations in flight.
/// <para>
/// After it is made, a ring allocates no managed memory, except to register something.
/// </para>
/// <para>
/// There is no finalizer: a ring that is not disposed of leaks its mappings and its descriptor until the
/// process ends. A finalizer could run while the kernel still writes to memory of the operations in flight,
/// and on a thread that the kernel refuses.
/// </para>
/// </remarks>
public sealed unsafe partial class Ring : IDisposable
{
    // The heads and tails count entries since the start and wrap as uint; a mask makes an index of them.
    //
    // SAFETY: all pointers lead into the mappings that this object made and that Dispose unmaps. Dispose
    // clears them, and the masks and limits with them: a later use finds out by that, and touches no memory.
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
    // SAFETY: in the mapping of the completion ring, this ring's until Dispose; the kernel writes the tail
    // and the entries behind it, this ring the head.
    private CompletionEntry* _cqes;
    private uint _cqMask;
    private uint _cqHead;
    private uint* _kernelCqTail;
    private uint* _kernelCqHead;

    // SAFETY: in the mapping of the submission ring, this ring's until Dispose; the kernel writes the head
    // and the flags, this ring the tail.
    private uint* _kernelSqHead;
    private uint* _kernelSqTail;
    private uint* _kernelSqFlags;
    private int _enterFd;
    private uint _enterFlags;
    private Thread? _owner;

    // SAFETY: in the mappings of both rings, this ring's until Dispose; the kernel alone writes them.
    private uint* _kernelSqDropped;
    private uint* _kernelCqOverflow;
    private uint _cqEntries;
    private uint _sqEntries;
    private int _fd;
    private bool _isDisposed;

    /// <summary>
    /// The ring's descriptor, to which other rings and <see cref="SendMessage"/> send messages. <see
    /// cref="Dispose"/> and <see cref="CloseDescriptor"/> close it; it is -1 from then on.
    /// </summary>
    public int Descriptor => _fd;

    internal bool IsDisposed => _isDisposed;

    /// <summary>How the ring runs: the flags that were asked for, less those that the kernel
    /// refused.</summary>
    public RingSetupFlags Flags { get; }

    /// <summary>The features that the kernel reports.</summary>
    public RingFeatures Features { get; }

    /// <summary>Whether the thread enters the kernel by the registered descriptor.</summary>
    public bool UsesRegisteredDescriptor => (_enterFlags & IORING_ENTER.IORING_ENTER_REGISTERED_RING) != 0;

    /// <summary>The size of the submission ring, in entries; a power of two.</summary>
    public uint SubmissionCapacity => _sqEntries;

    /// <summary>The size of the completion ring, in entries; a power of two.</summary>
    public uint CompletionCapacity => _cqEntries;

    /// <summary>
    /// The prepared entries that the kernel has not taken yet. After a <see cref="Submit"/> that was refused
    /// or cut short they stay, and go with the next one. With <see cref="RingSetupFlags.SubmissionThread"/>,
    /// the number is the thread's state at the moment.
    /// </summary>
    public uint Unsubmitted
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _sqTail - (_isUnusual ? TakenByNow() : _sqHead);
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

    /// <summary>
    /// The number of completions that <see cref="AdvanceCompletions"/> has not passed. With <see
    /// cref="RingSetupFlags.MixedCompletions"/>, it is the number of places that they and fillers take.
    /// </summary>
    /// <exception cref="InvalidOperationException">Called on another thread.</exception>
    /// <exception cref="ObjectDisposedException">The ring was disposed of.</exception>
    public uint CompletionsReady
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            CheckOwner();

            // Acquire: pairs with the kernel's release store of the tail in io_commit_cqring, so that the
            // entries before the tail are seen as it wrote them.
            return Volatile.Read(ref *_kernelCqTail) - _cqHead;
        }
    }

    /// <summary>
    /// Whether completions wait in the kernel for room in the completion ring. Every submission or wait, and
    /// <see cref="GetEvents"/>, brings in as many as there is room for.
    /// </summary>
    /// <exception cref="ObjectDisposedException">The ring was disposed of.</exception>
    public bool HasOverflow
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => (Shared(_kernelSqFlags) & IORING_SQ.IORING_SQ_CQ_OVERFLOW) != 0;
    }

    /// <summary>
    /// Whether an enter would make completions; only with <see cref="RingSetupFlags.TaskRunFlag"/>.
    /// </summary>
    /// <exception cref="ObjectDisposedException">The ring was disposed of.</exception>
    public bool TaskWorkPending => (Shared(_kernelSqFlags) & IORING_SQ.IORING_SQ_TASKRUN) != 0;

    /// <summary>How many enters found the completion ring overflown. If it grows, make the ring
    /// larger.</summary>
    public ulong Overflows { get; private set; }

    /// <summary>
    /// The completions that the kernel lost because memory was short (before Linux 5.5 at every overflow),
    /// modulo 2³². When it is not 0, some operations in flight never complete.
    /// </summary>
    /// <exception cref="ObjectDisposedException">The ring was disposed of.</exception>
    public uint LostCompletions => Shared(_kernelCqOverflow);

    /// <summary>The entries that the kernel dropped as invalid. When it is not 0, the ring is
    /// damaged.</summary>
    /// <exception cref="ObjectDisposedException">The ring was disposed of.</exception>
    public uint DroppedSubmissions => Shared(_kernelSqDropped);

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
    /// A completion, by value.
    /// </summary>
    /// <param name="offset">
    /// Its distance from the oldest one, below <see cref="CompletionsReady"/>; not checked.
    /// </param>
    /// <returns>The completion.</returns>
    /// <exception cref="InvalidOperationException">
    /// The ring has completions of 32 bytes, or a mix: use <see cref="TakeCompletions"/>.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The ring was disposed of.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public CompletionEntry PeekCompletion(uint offset) => CompletionAt(offset);

    /// <summary>
    /// A completion, in the ring. It is valid until <see cref="AdvanceCompletions"/> passes it, <see
    /// cref="Resize"/> moves it or <see cref="Dispose"/> unmaps it. None of these notices that the reference
    /// is still in use. Otherwise like <see cref="PeekCompletion"/>.
    /// </summary>
    /// <param name="offset">
    /// Its distance from the oldest one, below <see cref="CompletionsReady"/>; not checked.
    /// </param>
    /// <returns>The completion.</returns>
    /// <exception cref="InvalidOperationException">As for <see cref="PeekCompletion"/>.</exception>
    /// <exception cref="ObjectDisposedException">The ring was disposed of.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref readonly CompletionEntry CompletionAt(uint offset)
    {
        CompletionEntry* entries = _cqes;
        if (entries == null)
        {
            ThrowNotPlain();
        }

        return ref entries[(_cqHead + offset) & _cqMask];
    }

    /// <summary>
    /// Gives the places of the oldest completions back to the kernel. A completion has one place. A large one
    /// of a ring with <see cref="RingSetupFlags.MixedCompletions"/> has two (<see
    /// cref="CompletionEntry.IsLarge"/>).
    /// </summary>
    /// <param name="count">Their number, at most <see cref="CompletionsReady"/>; not checked.</param>
    /// <exception cref="InvalidOperationException">
    /// Called on another thread, or inside a loop over <see cref="TakeCompletions"/>.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The ring was disposed of.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void AdvanceCompletions(uint count)
    {
        CheckOwner();
        CheckNoBatch();
        Debug.Assert(count <= CompletionsReady, "More completions are given back than there are.");
        _cqHead += count;

        // Release: pairs with the kernel's acquire load of the head where it looks for room, so that it
        // does not write to an entry that is still being read here.
        Volatile.Write(ref *_kernelCqHead, _cqHead);
    }

    // Always on: a quarter of a nanosecond. The number of the thread would take 2.6, and numbers come again.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void CheckOwner()
    {
        if (Thread.CurrentThread != _owner)
        {
            ThrowNotOwner();
        }
    }

    private void ThrowNotOwner()
    {
        ThrowIfDisposed();
        throw new InvalidOperationException(
            $"A ring is used only on the thread that made it (managed thread {_owner?.ManagedThreadId}), "
            + $"and this is managed thread {Environment.CurrentManagedThreadId}. Send it a message instead.");
    }

    private void ThrowNotPlain()
    {
        ThrowIfDisposed();
        throw new InvalidOperationException(
            "The ring's completions are not all of 16 bytes, so that none has a place of its own: loop over "
            + "TakeCompletions.");
    }

    // Acquire: what the kernel stored before the word is seen.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private uint Shared(uint* word)
    {
        if (word == null)
        {
            ThrowIfDisposed();
        }

        return Volatile.Read(ref *word);
    }

    private void ThrowIfDisposed() => ObjectDisposedException.ThrowIf(_isDisposed, this);

    // A check in every entry is 1 to 1.5 % of a NOP in a batch.
    [Conditional("DEBUG")]
    private void AssertOwner() => Debug.Assert(
        _isDisposed || Thread.CurrentThread == _owner, "The ring is used on another thread.");
}

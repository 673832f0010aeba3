namespace Gain.Uring;

/// <summary>The options that a ring is asked for. <see cref="Ring"/> has those that it got.</summary>
public sealed record RingOptions
{
    /// <summary>The most submission entries that the kernel gives: 32,768.</summary>
    public const int MaxEntries = 32_768;

    /// <summary>The most completion entries that the kernel gives: 65,536.</summary>
    public const int MaxCompletionEntries = 65_536;

    /// <summary>
    /// Submission entries: how many operations can be prepared between two submissions. 1 to
    /// <see cref="MaxEntries"/>, rounded up to a power of two; 1,024 by default. Each takes 64 bytes of
    /// memory that counts against RLIMIT_MEMLOCK.
    /// </summary>
    public int Entries { get; init; } = 1024;

    /// <summary>
    /// Completion entries, at least <see cref="Entries"/>, rounded up to a power of two; 0, the default:
    /// eight times <see cref="Entries"/>, and at most <see cref="MaxCompletionEntries"/>. Each takes 16 bytes
    /// of memory that counts against RLIMIT_MEMLOCK. Too few cost speed, not completions: the kernel keeps a
    /// completion that finds no room, and ends the multishot operation that made it.
    /// </summary>
    public int CompletionEntries { get; init; }

    /// <summary>How the ring should run, as far as the kernel can.</summary>
    public RingSetupFlags Flags { get; init; } = RingSetupFlags.Default;

    /// <summary>
    /// With <see cref="RingSetupFlags.SubmissionThread"/>: how long the thread looks for submissions before
    /// it sleeps, in milliseconds; 0, the default: one second.
    /// </summary>
    public int SubmissionThreadIdleMs { get; init; }

    /// <summary>The CPU of the submission thread (SQ_AFF); none by default.</summary>
    public int? SubmissionThreadCpu { get; init; }

    /// <summary>
    /// A ring to share kernel workers with, and the submission thread when both rings have one (ATTACH_WQ,
    /// Linux 5.6); none by default.
    /// </summary>
    public Ring? AttachTo { get; init; }

    /// <summary>
    /// With <see cref="RingSetupFlags.NoMapping"/>: the page-aligned memory for the rings; it has to be in
    /// one piece physically before Linux 6.14 (a huge page). 0, the default: the ring makes its own.
    /// </summary>
    /// <remarks>
    /// It has to be a mapping of mmap(2). Unmap it after the ring is disposed of, and never give it back to
    /// an allocator: the kernel closes a ring a moment after its descriptor, and writes the ring's tail to
    /// the pages once more. It keeps unmapped pages until then; reused memory would be damaged.
    /// </remarks>
    public nint MemoryAddress { get; init; }

    /// <summary>
    /// The size of that memory in bytes; <see cref="Ring.MemorySize"/> says how much is needed. What is left
    /// over can hold further rings.
    /// </summary>
    public nuint MemoryBytes { get; init; }

    /// <summary>
    /// Whether to register the ring's own descriptor, which saves a fifth of the cost of an empty enter. A
    /// thread can have 16 registered descriptors (Linux 5.18). When the kernel refuses, the ring works
    /// without one.
    /// </summary>
    public bool RegisterDescriptor { get; init; } = true;
}

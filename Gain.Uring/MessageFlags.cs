using Gain.Kernel;

namespace Gain.Uring;

/// <summary>
/// How a message to another ring is posted (<c>IORING_MSG_RING_*</c>). See io_uring_prep_msg_ring(3).
/// </summary>
[Flags]
public enum MessageFlags : uint
{
    /// <summary>As it comes.</summary>
    None = 0,

    /// <summary>No completion on the other ring; for passed descriptors only.</summary>
    SkipCompletion = IORING_MSG.IORING_MSG_RING_CQE_SKIP,

    /// <summary>The other ring's completion gets given flags. Linux 6.3.</summary>
    PassFlags = IORING_MSG.IORING_MSG_RING_FLAGS_PASS,
}

using Gain.Kernel;

namespace Gain.Uring;

/// <summary>How a submission is treated, whatever it does (<c>IOSQE_*</c>, io_uring_enter(2)).</summary>
[Flags]
public enum SubmissionFlags : byte
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>The descriptor is an index into the ring's registered files.</summary>
    FixedFile = IOSQE.IOSQE_FIXED_FILE,

    /// <summary>Starts when all that was submitted before has completed. Not with multishot.</summary>
    Drain = IOSQE.IOSQE_IO_DRAIN,

    /// <summary>
    /// The next submission starts when this one has succeeded in full, and is cancelled (ECANCELED) when
    /// it has not: a short send or receive breaks the chain. Linux 5.3.
    /// </summary>
    Link = IOSQE.IOSQE_IO_LINK,

    /// <summary>The next submission starts when this one has completed, with any result. Linux 5.5.</summary>
    HardLink = IOSQE.IOSQE_IO_HARDLINK,

    /// <summary>Goes to one of the kernel's worker threads at once, instead of being tried first.</summary>
    Async = IOSQE.IOSQE_ASYNC,

    /// <summary>The kernel takes a buffer; <see cref="SubmissionEntry.SetBufferGroup"/> sets it.</summary>
    BufferSelect = IOSQE.IOSQE_BUFFER_SELECT,

    /// <summary>Makes no completion when it succeeds. Linux 5.17.</summary>
    SkipSuccess = IOSQE.IOSQE_CQE_SKIP_SUCCESS,
}

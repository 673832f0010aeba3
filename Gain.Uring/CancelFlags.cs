using Gain.Kernel;

namespace Gain.Uring;

/// <summary>What a cancellation matches (<c>IORING_ASYNC_CANCEL_*</c>, io_uring_prep_cancel(3)).</summary>
[Flags]
public enum CancelFlags : uint
{
    /// <summary>The first operation in flight with the given user data.</summary>
    None = 0,

    /// <summary>All matches; the result is their number. Linux 5.19.</summary>
    All = IORING_ASYNC_CANCEL.IORING_ASYNC_CANCEL_ALL,

    /// <summary>By descriptor instead of by user data. Linux 5.19.</summary>
    Descriptor = IORING_ASYNC_CANCEL.IORING_ASYNC_CANCEL_FD,

    /// <summary>Whatever is in flight. Linux 5.19.</summary>
    Any = IORING_ASYNC_CANCEL.IORING_ASYNC_CANCEL_ANY,

    /// <summary>The descriptor is an index into the registered files. Linux 6.0.</summary>
    FixedDescriptor = IORING_ASYNC_CANCEL.IORING_ASYNC_CANCEL_FD_FIXED,

    /// <summary>
    /// By user data, in addition to another key: <see
    /// cref="SubmissionEntry.PrepCancelFd(int, ulong, CancelFlags)"/>. Linux 6.6.
    /// </summary>
    UserData = IORING_ASYNC_CANCEL.IORING_ASYNC_CANCEL_USERDATA,

    /// <summary>
    /// By operation, which <see cref="SubmissionEntry.SetCancelOperation"/> or <see cref="Ring.CancelNow"/>
    /// names. Linux 6.6.
    /// </summary>
    Operation = IORING_ASYNC_CANCEL.IORING_ASYNC_CANCEL_OP,
}

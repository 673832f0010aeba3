using Gain.Kernel;

namespace Gain.Uring;

/// <summary>
/// io_uring's own flags of sends and receives (<c>IORING_RECVSEND_*</c>). Methods that take none have them in
/// <see cref="SubmissionEntry.IoPriority"/>.
/// </summary>
[Flags]
public enum SendReceiveFlags : ushort
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>Waits for the socket before the first attempt. Linux 5.19.</summary>
    PollFirst = IORING_RECVSEND.IORING_RECVSEND_POLL_FIRST,

    /// <summary>Goes on after a completion; the methods set it. Linux 6.0.</summary>
    Multishot = IORING_RECVSEND.IORING_RECV_MULTISHOT,

    /// <summary>The memory is in a registered buffer; the methods set it. Linux 6.0.</summary>
    FixedBuffer = IORING_RECVSEND.IORING_RECVSEND_FIXED_BUF,

    /// <summary>The notification of a zero-copy send tells whether the kernel copied. Linux 6.2.</summary>
    ReportUsage = IORING_RECVSEND.IORING_SEND_ZC_REPORT_USAGE,

    /// <summary>Takes as many buffers of the group as there is use for. Linux 6.10.</summary>
    Bundle = IORING_RECVSEND.IORING_RECVSEND_BUNDLE,

    /// <summary>The memory of a send is a list of <see cref="IoVector"/>. Linux 6.17.</summary>
    Vectorized = IORING_RECVSEND.IORING_SEND_VECTORIZED,
}

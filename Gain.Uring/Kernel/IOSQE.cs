namespace Gain.Kernel;

/// <summary><c>io_uring_sqe.flags</c>.</summary>
internal static class IOSQE
{
    // The fd field is an index into the registered files.
    public const byte IOSQE_FIXED_FILE = 1 << 0;

    // Start only when everything submitted earlier has completed.
    public const byte IOSQE_IO_DRAIN = 1 << 1;

    // The next SQE starts when this one succeeded in full.
    public const byte IOSQE_IO_LINK = 1 << 2;

    // As IO_LINK, whatever the result.
    public const byte IOSQE_IO_HARDLINK = 1 << 3;

    // Go to an io-wq thread at once.
    public const byte IOSQE_ASYNC = 1 << 4;

    // The kernel picks a buffer of buf_group.
    public const byte IOSQE_BUFFER_SELECT = 1 << 5;

    // No CQE when it succeeds; 5.17.
    public const byte IOSQE_CQE_SKIP_SUCCESS = 1 << 6;
}

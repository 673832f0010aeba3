namespace Gain.Kernel;

/// <summary><c>io_uring_sqe.file_index</c>.</summary>
internal static class IORING_FILE_INDEX
{
    // The kernel picks the direct descriptor; 5.19.
    public const uint IORING_FILE_INDEX_ALLOC = ~0u;
}

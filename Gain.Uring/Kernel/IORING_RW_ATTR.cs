namespace Gain.Kernel;

/// <summary><c>io_uring_sqe.attr_type_mask</c>; 6.14.</summary>
internal static class IORING_RW_ATTR
{
    // attr_ptr is an io_uring_attr_pi.
    public const ulong IORING_RW_ATTR_FLAG_PI = 1ul << 0;
}

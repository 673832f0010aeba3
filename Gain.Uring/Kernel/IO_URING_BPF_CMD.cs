namespace Gain.Kernel;

/// <summary>Filters of submissions; newer than 6.19.</summary>
internal static class IO_URING_BPF_CMD
{
    public const ushort IO_URING_BPF_CMD_FILTER = 1;

    // Operations without a filter are denied.
    public const uint IO_URING_BPF_FILTER_DENY_REST = 1;

    // Refused when the kernel's idea of what the filter sees differs.
    public const uint IO_URING_BPF_FILTER_SZ_STRICT = 2;
}

namespace Gain.Kernel;

/// <summary>The result of a zero-copy notification, with SEND_ZC_REPORT_USAGE.</summary>
internal static class IORING_NOTIF
{
    public const uint IORING_NOTIF_USAGE_ZC_COPIED = 1u << 31;
}

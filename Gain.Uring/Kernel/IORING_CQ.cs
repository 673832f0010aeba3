namespace Gain.Kernel;

/// <summary>The flags that the application keeps in the completion ring.</summary>
internal static class IORING_CQ
{
    public const uint IORING_CQ_EVENTFD_DISABLED = 1u << 0;
}

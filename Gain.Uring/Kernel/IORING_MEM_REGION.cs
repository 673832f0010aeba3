namespace Gain.Kernel;

/// <summary>Registered memory regions; 6.13.</summary>
internal static class IORING_MEM_REGION
{
    public const uint IORING_MEM_REGION_TYPE_USER = 1;
    public const uint IORING_MEM_REGION_REG_WAIT_ARG = 1;
}

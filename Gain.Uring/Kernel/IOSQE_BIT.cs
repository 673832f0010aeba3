namespace Gain.Kernel;

/// <summary>The bit numbers of <see cref="IOSQE"/>, which restrictions name.</summary>
internal static class IOSQE_BIT
{
    public const int IOSQE_FIXED_FILE_BIT = 0;
    public const int IOSQE_IO_DRAIN_BIT = 1;
    public const int IOSQE_IO_LINK_BIT = 2;
    public const int IOSQE_IO_HARDLINK_BIT = 3;
    public const int IOSQE_ASYNC_BIT = 4;
    public const int IOSQE_BUFFER_SELECT_BIT = 5;
    public const int IOSQE_CQE_SKIP_SUCCESS_BIT = 6;
}

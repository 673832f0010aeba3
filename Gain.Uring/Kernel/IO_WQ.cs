namespace Gain.Kernel;

/// <summary>The categories of io-wq threads, as IORING_REGISTER_IOWQ_MAX_WORKERS orders them.</summary>
internal static class IO_WQ
{
    public const int IO_WQ_BOUND = 0;
    public const int IO_WQ_UNBOUND = 1;
}

namespace Gain.Kernel;

/// <summary>
/// The instructions of classic packet filters that are used (linux/filter.h, linux/bpf_common.h).
/// </summary>
internal static class BPF
{
    internal const int BPF_LD = 0x00;
    internal const int BPF_JMP = 0x05;
    internal const int BPF_RET = 0x06;
    internal const int BPF_W = 0x00;
    internal const int BPF_ABS = 0x20;
    internal const int BPF_JEQ = 0x10;
    internal const int BPF_K = 0x00;
    internal const int BPF_MAXINSNS = 4096;

    internal const int SKF_AD_OFF = -0x1000;
    internal const int SKF_AD_CPU = 36;
}

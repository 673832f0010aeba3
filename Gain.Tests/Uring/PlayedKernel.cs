using Gain.Kernel;
using Gain.Uring;

namespace Gain.Tests.Uring;

/// <summary>
/// Another kernel, played over the real one: it refuses flags, fails calls with an errno, lacks features. It
/// keeps what it was asked.
/// </summary>
internal sealed unsafe class PlayedKernel : IRingCalls
{
    /// <summary>A setup with one of these fails with EINVAL.</summary>
    internal uint RefusedFlags { get; init; }

    /// <summary>Added to the flags of every setup.</summary>
    internal uint AddedFlags { get; init; }

    /// <summary>What the kernel has and does not tell.</summary>
    internal uint HiddenFeatures { get; init; }

    /// <summary>The errno of a setup of so many entries; 0: none.</summary>
    internal Func<uint, int> SetupErrno { get; init; } = _ => 0;

    /// <summary>The errno of an operation of io_uring_register; 0: none.</summary>
    internal Func<uint, int> RegisterErrno { get; init; } = _ => 0;

    /// <summary>The errno of a mapping at an offset; 0: none.</summary>
    internal Func<ulong, int> MapErrno { get; set; } = _ => 0;

    internal List<uint> SetupFlags { get; } = [];

    internal List<(uint Entries, uint Completions)> SetupSizes { get; } = [];

    internal List<int> WaitsMs { get; } = [];

    public int Setup(uint entries, io_uring_params* parameters)
    {
        SetupFlags.Add(parameters->flags);
        SetupSizes.Add((entries, parameters->cq_entries));
        int errno = SetupErrno(entries);
        if (errno != 0)
        {
            return -errno;
        }

        if ((parameters->flags & RefusedFlags) != 0)
        {
            return -Errno.EINVAL;
        }

        parameters->flags |= AddedFlags;
        int result = KernelRingCalls.Instance.Setup(entries, parameters);
        parameters->features &= ~HiddenFeatures;
        return result;
    }

    public int Register(int ring, uint operation, void* argument, uint count)
    {
        int errno = RegisterErrno(operation);
        return errno != 0 ? -errno : KernelRingCalls.Instance.Register(ring, operation, argument, count);
    }

    public int Map(int ring, nuint bytes, ulong offset, out void* address)
    {
        address = null;
        int errno = MapErrno(offset);
        return errno != 0 ? -errno : KernelRingCalls.Instance.Map(ring, bytes, offset, out address);
    }

    public void Wait(int milliseconds) => WaitsMs.Add(milliseconds);
}

using Gain.Kernel;
using static Gain.Kernel.BPF;

namespace Gain.Sockets;

/// <summary>Leads the connections of each CPU to the worker that is pinned there.</summary>
/// <remarks>
/// A packet filter on a group of sockets with SO_REUSEPORT returns the index of the socket that a packet is
/// for; worker w's has index w (see <see cref="ListenerGroup"/>). With an index that no socket has, the
/// kernel falls back on its hash of the addresses: that is what CPUs without a worker get.
/// </remarks>
internal sealed class CpuRouting
{
    // One to load the CPU's number, one for the fall-back; two for each CPU.
    private const int MaxCpus = (BPF_MAXINSNS - 2) / 2;

    private static readonly Version s_incomingCpuSince = new(6, 1);

    private readonly CpuSteering _steering;
    private readonly int[] _cpus;

    /// <param name="steering">How; not <see cref="CpuSteering.None"/>.</param>
    /// <param name="cpus">The CPU of each worker.</param>
    internal CpuRouting(CpuSteering steering, int[] cpus)
    {
        _steering = steering;
        _cpus = cpus;
    }

    /// <summary>What the options ask for; null when they ask for nothing, or there is one worker.</summary>
    /// <exception cref="GainException">This kernel cannot do it.</exception>
    internal static CpuRouting? For(int workers, GainOptions options)
    {
        if (options.CpuSteering == CpuSteering.None || workers == 1)
        {
            return null;
        }

        Version kernel = Environment.OSVersion.Version;
        if (options.CpuSteering == CpuSteering.IncomingCpu && kernel < s_incomingCpuSince)
        {
            throw new GainException(
                GainError.OptionInvalid,
                $"GainOptions.CpuSteering is IncomingCpu, which Linux {kernel} pays no attention to: it "
                + $"does since {s_incomingCpuSince}. Use PacketFilter.");
        }

        return new CpuRouting(options.CpuSteering, CpuAffinity.GetProcessCpus()[..workers]);
    }

    /// <summary>Applies it to the listener of a worker, once those of all workers listen.</summary>
    /// <exception cref="GainException">The kernel refused.</exception>
    internal void Apply(int listener, int worker)
    {
        if (_steering == CpuSteering.IncomingCpu)
        {
            SocketOption.IncomingCpu.Set(listener, _cpus[worker]);
        }
        else if (worker == 0)
        {
            // The filter is the whole group's.
            Attach(listener, BuildFilter());
        }
    }

    /// <summary>The filter: if the CPU is worker w's return w, else what no socket has.</summary>
    internal sock_filter[] BuildFilter()
    {
        int count = Math.Min(_cpus.Length, MaxCpus);
        var filter = new sock_filter[(2 * count) + 2];
        filter[0] = Instruction(BPF_LD | BPF_W | BPF_ABS, unchecked((uint)(SKF_AD_OFF + SKF_AD_CPU)));
        for (int worker = 0; worker < count; worker++)
        {
            sock_filter test = Instruction(BPF_JMP | BPF_JEQ | BPF_K, (uint)_cpus[worker]);
            test.jf = 1;
            filter[1 + (2 * worker)] = test;
            filter[2 + (2 * worker)] = Instruction(BPF_RET | BPF_K, (uint)worker);
        }

        filter[^1] = Instruction(BPF_RET | BPF_K, uint.MaxValue);
        return filter;
    }

    private static sock_filter Instruction(int code, uint k) => new() { code = (ushort)code, k = k };

    // SAFETY: the filter is pinned for the call, and the kernel copies it.
    private static unsafe void Attach(int fd, sock_filter[] filter)
    {
        fixed (sock_filter* instructions = filter)
        {
            var program = new sock_fprog { len = (ushort)filter.Length, filter = instructions };
            int result = Libc.SetSockOpt(
                fd,
                SocketAbi.SOL_SOCKET,
                SocketAbi.SO_ATTACH_REUSEPORT_CBPF,
                &program,
                (uint)sizeof(sock_fprog));
            if (result < 0)
            {
                throw GainException.ForSystemCall(
                    $"Cannot attach a packet filter (SO_ATTACH_REUSEPORT_CBPF) to descriptor {fd}", -result);
            }
        }
    }
}

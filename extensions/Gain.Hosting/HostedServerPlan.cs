using Gain.CompilerServices;

namespace Gain.Hosting;

/// <summary>What a program says of a server before the host starts it.</summary>
internal sealed class HostedServerPlan<TProtocol>(string name)
    where TProtocol : struct, IProtocol<TProtocol>
{
    public string Name { get; } = name;

    public List<string> Addresses { get; } = [];

    public List<Action<IServiceProvider, GainOptions>> Configure { get; } = [];

    public Func<IServiceProvider, TProtocol>? Prototype { get; set; }

    public Func<GainServerBuilder<TProtocol>, HostedCertificate, GainServerBuilder<TProtocol>>? Certify
    {
        get;
        set;
    }
}

namespace Gain.Analyzers.Rules;

/// <summary>Metadata names of the types of Gain.Runtime that analyzers look for.</summary>
internal static class KnownTypeNames
{
    public const string GainProtocolAttribute = "Gain.GainProtocolAttribute";

    public const string Protocol = "Gain.CompilerServices.IProtocol`1";

    public const string AllocationFreeAttribute = "Gain.AllocationFreeAttribute";

    public const string AllowAllocationAttribute = "Gain.AllowAllocationAttribute";

    public const string Balancer = "Gain.IBalancer";

    public const string Connection = "Gain.Connection";

    public const string Datagram = "Gain.Datagram";

    public const string ConnectionHandle = "Gain.ConnectionHandle";

    public const string DatagramHandle = "Gain.DatagramHandle";

    public const string Session = "Gain.Session";

    public const string SessionContext = "Gain.SessionContext";

    public const string SessionWait = "Gain.SessionWait";

    public const string Part = "Gain.Part";

    public const string PartOfResult = "Gain.Part`1";

    public const string ConnectionHold = "Gain.ConnectionHold";
}

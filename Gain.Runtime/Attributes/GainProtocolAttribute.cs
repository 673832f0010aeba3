namespace Gain;

/// <summary>
/// Marks a partial struct as the handler of a server's connections. The generator finds its callbacks by
/// name (<c>OnAccept</c>, <c>OnRead</c>, <c>OnFrame</c>, <c>OnClose</c>, …) and emits the switch that
/// dispatches completions to them without a virtual call.
/// </summary>
/// <remarks>
/// Every connection has its own copy of the instance that the server was started with: fields are
/// per-connection state, and services are fields set on that instance. On a class the attribute is an error
/// of an analyzer, which offers a fix; the compiler's own error would not.
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct)]
public sealed class GainProtocolAttribute : Attribute;

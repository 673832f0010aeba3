using System.Runtime.CompilerServices;

namespace Gain;

/// <summary>
/// What <c>OnSession</c> returns: a conversation with one connection, as one <c>async</c> method that runs on
/// the connection's worker. Nobody awaits it. When it ends, its connection is closed, and what it has written
/// is sent before.
/// </summary>
/// <remarks>
/// Methods that a session calls and that wait themselves return <see cref="Part"/> or
/// <see cref="Part{TResult}"/>.
/// </remarks>
[AsyncMethodBuilder(typeof(SessionBuilder))]
public readonly struct Session
{
}

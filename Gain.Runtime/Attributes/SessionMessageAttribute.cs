namespace Gain;

/// <summary>
/// Declares that the session of a protocol takes messages of a type: what <c>ConnectionHandle.TryPost</c>
/// posts to a connection, the session awaits by <c>s.Message&lt;TMessage&gt;()</c>. A protocol has one type
/// of messages, as with <c>OnMessage</c>, in whose place this is.
/// </summary>
/// <typeparam name="TMessage">
/// The type, exactly as it is posted. Structs cost no memory each; for several kinds of messages use one that
/// tells them apart.
/// </typeparam>
[AttributeUsage(AttributeTargets.Struct)]
public sealed class SessionMessageAttribute<TMessage> : Attribute
    where TMessage : notnull;

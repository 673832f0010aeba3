namespace Gain.Hosting.Tests;

/// <summary>Answers with a service's text, which is a field of the prototype.</summary>
[GainProtocol]
public partial struct Greeter
{
    private readonly byte[] _text;

    public Greeter(Greeting greeting)
    {
        ArgumentNullException.ThrowIfNull(greeting);
        _text = System.Text.Encoding.ASCII.GetBytes(greeting.Text);
    }

    private readonly void OnRead(Connection connection) => connection.Send(_text);
}

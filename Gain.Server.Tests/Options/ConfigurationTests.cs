using System.Globalization;
using System.Net;
using System.Reflection;
using Gain.Sockets;
using Gain.Workers;
using Microsoft.Extensions.Configuration;

namespace Gain.Tests.Server;

/// <summary>
/// Options out of Microsoft.Extensions.Configuration: by reflection, and by the source generator, which this
/// project has on, so that a call that stands in the code is the generated one.
/// </summary>
[TestFixture(false)]
[TestFixture(true)]
public class ConfigurationTests(bool isGenerated)
{
    private static readonly Action<IConfiguration, object?> s_byReflection =
        typeof(ConfigurationBinder)
            .GetMethod(nameof(ConfigurationBinder.Bind), [typeof(IConfiguration), typeof(object)])!
            .CreateDelegate<Action<IConfiguration, object?>>();

    [Test]
    public void Every_option_binds_to_a_value_that_is_not_its_default()
    {
        var values = new Dictionary<string, string?>();
        var expected = new Dictionary<string, object?>();
        ConfigurationPlan.Add("", typeof(GainOptions), new GainOptions(), values, expected);
        Assert.That(expected, Has.Count.GreaterThan(50));

        GainOptions bound = Bind(values);
        foreach ((string name, object? value) in expected)
        {
            Assert.That(Read(bound, name), Is.EqualTo(value), name);
        }
    }

    [Test]
    public void Network_list_of_any_shape_is_what_it_says_or_fails_the_start()
    {
        GainOptions options = Bind(new()
        {
            ["Accepting:AllowedNetworks:0"] = "10.0.0.0/8",
            ["Accepting:AllowedNetworks:1"] = " 192.0.2.1 ",
            ["Accepting:DeniedNetworks:0"] = "10.9.0.0/16",
        }).Validated();
        AddressFilter filter = options.MakeFilter();
        Assert.That(Allows(filter, "10.8.0.1"));
        Assert.That(Allows(filter, "192.0.2.1"));
        Assert.That(Allows(filter, "192.0.2.2"), Is.False);
        Assert.That(Allows(filter, "10.9.0.1"), Is.False);

        Dictionary<string, string?> bad = new()
        {
            ["Accepting:DeniedNetworks:0"] = "::/0",
            ["Accepting:DeniedNetworks:1"] = "10.0.0/99",
        };
        GainException refused = Assert.Throws<GainException>(
            () => Bind(bad).Validated())!;
        Assert.That(refused.ErrorCode, Is.EqualTo(GainError.OptionInvalid));
        Assert.That(
            refused.Message,
            Does.StartWith("GainOptions.Accepting.DeniedNetworks[1] is \"10.0.0/99\", but must be "));
    }

    [Test]
    public void Network_list_of_one_text_is_read_as_well_and_never_lets_everybody_in()
    {
        GainOptions options =
            Bind(new() { ["Accepting:AllowedNetworks"] = "10.0.0.0/8, fd00::/8" }).Validated();
        Assert.That(Allows(options.MakeFilter(), "10.8.0.1"));
        Assert.That(Allows(options.MakeFilter(), "fd00::1"));
        Assert.That(Allows(options.MakeFilter(), "192.0.2.2"), Is.False);
        AddressFilter denying =
            Bind(new() { ["Accepting:DeniedNetworks"] = "192.0.2.2" }).Validated().MakeFilter();
        Assert.That(Allows(denying, "192.0.2.1"));
        Assert.That(Allows(denying, "192.0.2.2"), Is.False);
    }

    [TestCase("10.0.0.0/8,", "GainOptions.Accepting.AllowedNetworks[1] is \"\"")]
    [TestCase("10.0.0.0/8;fd00::/8", "GainOptions.Accepting.AllowedNetworks[0] is \"10.0.0.0/8;fd00::/8\"")]
    [TestCase("none", "GainOptions.Accepting.AllowedNetworks[0] is \"none\"")]
    [TestCase("true", "GainOptions.Accepting.AllowedNetworks[0] is \"true\"")]
    [TestCase("", "GainOptions.Accepting.AllowedNetworks is empty text")]
    [TestCase(" ", "GainOptions.Accepting.AllowedNetworks is empty text")]
    public void Allow_list_of_one_text_that_says_no_network_fails_the_start(string text, string message)
    {
        GainException refused = Assert.Throws<GainException>(
            () => Bind(new() { ["Accepting:AllowedNetworks"] = text }).Validated())!;
        Assert.That(refused.ErrorCode, Is.EqualTo(GainError.OptionInvalid));
        Assert.That(refused.Message, Does.StartWith(message));
    }

    [Test]
    public void Allow_list_that_is_left_out_or_null_and_an_empty_deny_list_let_everybody_in()
    {
        Assert.That(Bind(new() { ["Accepting:AllowedNetworks"] = "any" }).Validated().MakeFilter().IsOpen);
        Assert.That(Bind(new() { ["Accepting:DeniedNetworks"] = "none" }).Validated().MakeFilter().IsOpen);
        Assert.That(Bind([]).Validated().MakeFilter().IsOpen);
        Assert.That(Bind(new() { ["Accepting:AllowedNetworks"] = null }).Validated().MakeFilter().IsOpen);
        Assert.That(Bind(new() { ["Accepting:DeniedNetworks"] = "" }).Validated().MakeFilter().IsOpen);
    }

    private static bool Allows(AddressFilter filter, string address) =>
        filter.Allows(GainAddress.FromIPEndPoint(new IPEndPoint(IPAddress.Parse(address), 1)));

    private GainOptions Bind(Dictionary<string, string?> values)
    {
        IConfiguration configuration = new ConfigurationBuilder().AddInMemoryCollection(values).Build();
        var options = new GainOptions();
        if (isGenerated)
        {
            configuration.Bind(options);
        }
        else
        {
            s_byReflection(configuration, options);
        }

        return options;
    }

    private static object? Read(object from, string path)
    {
        object? value = from;
        foreach (string name in path.Split(':'))
        {
            value = value!.GetType().GetProperty(name)!.GetValue(value);
        }

        return value is NetworkList networks ? networks.ToArray() : value;
    }
}

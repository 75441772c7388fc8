// SPDX-License-Identifier: Apache-2.0
// The page's script, the same for every web application: jQuery is set up to send the CSRF token.

function say(text) {
  $('<li>').text(text).appendTo('#said');
}

function connect(ticket) {
  var socket = new WebSocket($('body').attr('data-realtime') + '?ticket=' + ticket);
  socket.onmessage = function (message) {
    say(message.data);
  };
  socket.onclose = function (event) {
    say('closed with ' + event.code);
  };
}

// A ticket opens one connection, so every other one begins with a new ticket.
function connectAgain() {
  $.post('/ticket/')
    .done(function (answer) {
      if (answer.status === 'ok') {
        connect(answer.message);
      } else {
        say('no ticket: ' + answer.message);
      }
    })
    .fail(function (xhr) {
      say('no ticket: ' + xhr.status);
    });
}

$(function () {
  var first = $('body').attr('data-ticket');
  $('#again').on('click', connectAgain);
  $('#same').on('click', function () {
    connect(first);
  });
  if (first) {
    connect(first);
  } else {
    connectAgain();
  }
});

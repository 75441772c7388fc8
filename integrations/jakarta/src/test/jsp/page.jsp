<%@ page contentType="text/html;charset=UTF-8" %>
<meta name="realtime-ticket" content="${realtime_ticket.text}">
<!-- ${realtime_ticket} -->
